import { createHash, randomBytes } from "node:crypto";
import type { ClusterEntry } from "../config/settings.ts";

/**
 * Ids that clients see. Like etcd's they are hashes of where members are and of the cluster's token, so that every
 * member works out the same ones; unlike etcd's they keep to 53 bits, so that they are exact as JavaScript numbers and
 * in JSON that is read by one. Inside, members are numbered from 1.
 */
export type PublicId = bigint;

const ID_BITS = 53;

/** The id of a member that is part of a cluster from its beginning, or, with a `nonce`, of one that is added later. */
export function memberIdOf(peerUrls: readonly string[], token: string, nonce = ""): PublicId {
  return hashed(`${[...peerUrls].sort().join("")}${token}${nonce}`);
}

/** The id of a cluster: of its first members. */
export function clusterIdOf(memberIds: readonly PublicId[]): PublicId {
  const bytes = Buffer.alloc(8 * memberIds.length);
  const sorted = [...memberIds].sort((a, b) => (a < b ? -1 : 1));
  for (const [place, id] of sorted.entries()) bytes.writeBigUInt64BE(id, 8 * place);
  return hashed(bytes);
}

/** The id of a cluster that no settings describe: of a survivor that goes on without the others. */
export function newClusterId(): PublicId {
  return hashed(randomBytes(16));
}

/** As etcd prints ids: hexadecimal, without leading zeros. */
export function idText(id: PublicId): string {
  return id.toString(16);
}

function hashed(content: string | Uint8Array): PublicId {
  const digest = createHash("sha1").update(content).digest();
  const id = BigInt.asUintN(ID_BITS, digest.readBigUInt64BE(0));
  return id === 0n ? 1n : id;
}

/** The first members in the order of their names: the order in which they are numbered inside, from 1. */
export function numbered(entries: readonly ClusterEntry[]): readonly ClusterEntry[] {
  return [...entries].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
