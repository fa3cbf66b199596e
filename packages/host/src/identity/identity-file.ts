import { makeDurableDirectory } from "../environment/durable-directory.ts";
import type { Environment } from "../environment/environment.ts";
import { readSmallFile, writeSmallFile } from "../environment/small-file.ts";
import { QuorateError, type QuorateErrorCode } from "../errors.ts";
import { logPresence } from "../log/open-log.ts";
import { groupDirectories, groupNumbers } from "./data-layout.ts";
import { type HostClaim, type Identity, withGroup } from "./identity.ts";
import { decodeIdentity, encodeIdentity } from "./identity-codec.ts";

const FILE_NAME = "identity.json";
/** A host with tens of thousands of groups stays far below; anything longer is somebody else's file. */
const FILE_BYTES_MAX = 16 << 20;

/** Reads the identity in a folder; undefined when there is none. Rejects when it is damaged or too new. */
export async function readIdentity(
  environment: Environment,
  directory: string,
): Promise<Identity | undefined> {
  const path = `${directory}/${FILE_NAME}`;
  const bytes = await readSmallFile(environment.files, path, FILE_BYTES_MAX);
  if (bytes === undefined) return undefined;
  const decoded = decodeIdentity(bytes, environment.checksum);
  switch (decoded.type) {
    case "valid":
      return decoded.identity;
    case "damaged":
      throw refusal(
        "IDENTITY_MISSING",
        `${path} is damaged, ${decoded.reason}: bring it back from a copy, or remove this host from its groups and add it under a new number`,
      );
    case "tooNew":
      throw refusal(
        "UNSUPPORTED_VERSION",
        `${path} has format ${decoded.version}: use a newer version of this software`,
      );
  }
}

/**
 * The identity file of a running host. The caller holds the folder's lock. Changes are written aside, made durable and
 * renamed, one after the other: after a crash the old or the new content is there.
 */
export class IdentityFile {
  readonly #environment: Environment;
  readonly #directory: string;
  #identity: Identity;
  #writing: Promise<void> = Promise.resolve();

  private constructor(environment: Environment, directory: string, identity: Identity) {
    this.#environment = environment;
    this.#directory = directory;
    this.#identity = identity;
  }

  /**
   * Counts this start. An empty folder becomes the claimant's; a folder of somebody else is refused with
   * CLUSTER_MISMATCH, one with a group's log and no identity with IDENTITY_MISSING.
   */
  static async open(
    environment: Environment,
    directory: string,
    claim: HostClaim,
  ): Promise<IdentityFile> {
    await makeDurableDirectory(environment.files, directory);
    const known = await readIdentity(environment, directory);
    if (known === undefined) await refuseOrphans(environment, directory);
    else checkClaim(known, claim, directory);
    const identity: Identity = {
      clusterId: claim.clusterId,
      foundedAs: known?.foundedAs ?? claim.clusterId,
      hostId: claim.hostId,
      hostName: claim.hostName,
      dataId: known?.dataId ?? newDataId(environment),
      incarnation: (known?.incarnation ?? 0) + 1,
      groups: known?.groups ?? [],
    };
    const file = new IdentityFile(environment, directory, identity);
    await file.#replace((current) => current);
    return file;
  }

  get identity(): Identity {
    return this.#identity;
  }

  /** From now on this is a host of another cluster: members of the old one and this one refuse each other. */
  moveTo(clusterId: string): Promise<void> {
    return this.#replace((identity) => ({ ...identity, clusterId }));
  }

  /** The group's log exists from now on: without it the group is refused. Call it once the log is durable. */
  addGroup(groupId: number): Promise<void> {
    return this.#replace((identity) => withGroup(identity, groupId, { groupId, state: "active" }));
  }

  /** Removes the group's data: first it stops counting, then it goes, then it is forgotten. */
  async removeGroup(groupId: number): Promise<void> {
    await this.#replace((identity) => withGroup(identity, groupId, { groupId, state: "removing" }));
    const { group, parent } = groupDirectories(this.#directory, groupId);
    await this.#environment.files.removeTree(group);
    if (await this.#environment.files.exists(parent)) {
      await this.#environment.files.syncDirectory(parent);
    }
    await this.#replace((identity) => withGroup(identity, groupId, undefined));
  }

  /** Finishes removals that a crash has interrupted. */
  async finishRemovals(): Promise<void> {
    for (const group of this.#identity.groups) {
      if (group.state === "removing") await this.removeGroup(group.groupId);
    }
  }

  #replace(change: (identity: Identity) => Identity): Promise<void> {
    const done = this.#writing.then(async () => {
      const next = change(this.#identity);
      const { files, checksum } = this.#environment;
      const path = `${this.#directory}/${FILE_NAME}`;
      await writeSmallFile(files, `${path}.tmp`, encodeIdentity(next, checksum));
      await files.rename(`${path}.tmp`, path);
      await files.syncDirectory(this.#directory);
      this.#identity = next;
    });
    this.#writing = done.catch(() => undefined);
    return done;
  }
}

function checkClaim(known: Identity, claim: HostClaim, directory: string): void {
  if (known.clusterId === claim.clusterId && known.hostId === claim.hostId) return;
  throw refusal(
    "CLUSTER_MISMATCH",
    `${directory} belongs to host ${known.hostId} of cluster ${known.clusterId}, not to host ${claim.hostId} of cluster ${claim.clusterId}`,
  );
}

/** Groups without their host's identity: it was lost, and with it the number of the last start. */
async function refuseOrphans(environment: Environment, directory: string): Promise<void> {
  for (const groupId of await groupNumbers(environment.files, directory)) {
    const { log } = groupDirectories(directory, groupId);
    if ((await logPresence(environment, log)) !== "present") continue;
    throw refusal(
      "IDENTITY_MISSING",
      `${directory} has the log of group ${groupId} and no ${FILE_NAME}: bring it back from a copy, or remove this host from its groups and add it under a new number`,
    );
  }
}

function newDataId(environment: Environment): string {
  let id = "";
  for (let part = 0; part < 4; part += 1) {
    id += Math.floor(environment.random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, "0");
  }
  return id;
}

function refusal(code: QuorateErrorCode, message: string): QuorateError {
  return new QuorateError(code, message, { outcome: "notApplied", retryable: false });
}
