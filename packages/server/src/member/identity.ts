import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError } from "../config/config-error.ts";
import { causeOf } from "../config/file-problem.ts";
import type { PublicId } from "../directory/member-ids.ts";
import { closeToOthers, codeOf, FILE_MODE } from "./folders.ts";

/** Who this member is: decided at its first start and the same ever after. */
export interface Identity {
  readonly name: string;
  /** Its number inside. */
  readonly id: number;
  readonly publicId: PublicId;
  readonly clusterId: PublicId;
  /** The `--initial-cluster-token` of the first start: another one means another cluster. */
  readonly token: string;
  /** There was data once: if it is gone, this member must not begin again as if it had never promised anything. */
  readonly hasBegun: boolean;
  /** An offline recovery that is not over yet. */
  readonly recovery?: Recovery | undefined;
}

/** The way of a survivor into a cluster of its own, after the majority was lost for good. */
export interface Recovery {
  /** The cluster it becomes the first member of; `clusterId` once the tool is done. */
  readonly clusterId: PublicId;
  /** Numbers of those that were members and are none any more: the directory of members forgets them at the next start. */
  readonly lost: readonly number[];
}

const FILE = "member.json";
const VERSION = 1;

const schema = z.object({
  version: z.literal(VERSION),
  name: z.string(),
  id: z.number().int().positive(),
  publicId: z.string().regex(/^\d+$/),
  clusterId: z.string().regex(/^\d+$/),
  token: z.string(),
  hasBegun: z.boolean(),
  recovery: z
    .object({
      clusterId: z.string().regex(/^\d+$/),
      lost: z.array(z.number().int().positive()),
    })
    .optional(),
});

/** The folder's identity, or undefined for a folder that never had a member. Throws `ConfigError`. */
export function readIdentity(dataDir: string): Identity | undefined {
  const path = join(dataDir, FILE);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    if (codeOf(cause) === "ENOENT" || codeOf(cause) === "ENOTDIR") return undefined;
    const why = codeOf(cause) === undefined ? "it is no JSON" : causeOf(cause);
    throw new ConfigError(`Cannot read ${path}, which says who this member is: ${why}.`, { cause });
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success) {
    throw new ConfigError(
      `${path}, which says who this member is, is not what this version writes.`,
    );
  }
  const { publicId, clusterId, recovery, ...rest } = parsed.data;
  const { name, id, token, hasBegun } = rest;
  return {
    name,
    id,
    publicId: BigInt(publicId),
    clusterId: BigInt(clusterId),
    token,
    hasBegun,
    recovery: recovery && { ...recovery, clusterId: BigInt(recovery.clusterId) },
  };
}

/** Writes the identity before anything else is written, so that data never lies around without its owner. Throws `ConfigError`. */
export function writeIdentity(dataDir: string, identity: Identity): void {
  const path = join(dataDir, FILE);
  const content = {
    version: VERSION,
    name: identity.name,
    id: identity.id,
    publicId: String(identity.publicId),
    clusterId: String(identity.clusterId),
    token: identity.token,
    hasBegun: identity.hasBegun,
    recovery: identity.recovery && {
      clusterId: String(identity.recovery.clusterId),
      lost: identity.recovery.lost,
    },
  };
  const text = `${JSON.stringify(content, null, 2)}\n`;
  try {
    writeFileSync(`${path}.new`, text, { flush: true, mode: FILE_MODE });
    closeToOthers(`${path}.new`);
    renameSync(`${path}.new`, path);
  } catch (cause) {
    throw new ConfigError(`Cannot write ${path}: ${causeOf(cause)}.`, { cause });
  }
  syncFolder(dataDir);
}

/** Makes a rename in the folder durable. */
function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
