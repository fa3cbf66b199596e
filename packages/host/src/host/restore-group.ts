import type { Membership, SnapshotInfo } from "@quorate/core";
import { makeDurableDirectory } from "../environment/durable-directory.ts";
import { bootstrapLog } from "../group/bootstrap.ts";
import { invalidArgument } from "../group/failures.ts";
import type { InitialMember } from "../group/membership-request.ts";
import { snapshotHeader } from "../group/snapshot-content.ts";
import type { HostOptions } from "../host.ts";
import { IdentityFile } from "../identity/identity-file.ts";
import { Companion } from "../session/companion.ts";
import type { GroupId } from "../transport/transport.ts";
import { lockData } from "./data-lock.ts";
import { GROUP_LIMITS_DEFAULT } from "./defaults.ts";
import { DirectoryStorage } from "./directory-storage.ts";

/** Where the data is to be, and whose it becomes. */
export type RestoreOptions = Pick<
  HostOptions,
  "environment" | "directory" | "clusterId" | "hostId" | "hostName"
>;

/** All initial members restore the same state, under the same name. */
const SNAPSHOT_NAME = "restored";

/**
 * Makes a group that begins with a saved state instead of nothing: its log begins after a snapshot that holds `state`, the
 * chunks of a machine's snapshot. Run it for every initial member with the same list and the same state, each in an empty
 * folder of its own, then open the group. Offline: no process may use the folder. A folder in which it was broken off
 * must be thrown away. Rejects with ALREADY_EXISTS when the folder holds the group.
 */
export async function restoreGroup(
  options: RestoreOptions,
  groupId: GroupId,
  initial: readonly InitialMember[],
  state: AsyncIterable<Uint8Array>,
): Promise<SnapshotInfo> {
  const { environment, directory, clusterId, hostId, hostName } = options;
  // The same rules as for a group that begins with nothing.
  const { hardState } = bootstrapLog(initial);
  if (!initial.some(({ id }) => id === hostId)) {
    throw invalidArgument(`Host ${hostId} is not among the initial members.`);
  }
  await makeDurableDirectory(environment.files, directory);
  const lock = await lockData(environment, directory);
  try {
    const claim = { clusterId, hostId, hostName: hostName ?? "" };
    const identity = await IdentityFile.open(environment, directory, claim);
    const storage = new DirectoryStorage(environment, directory, identity);
    await storage.create(groupId, undefined);
    const { log, snapshots } = await storage.open(groupId, () => undefined);
    try {
      const position = { term: hardState.term, index: hardState.commit };
      const companion = firstCompanion(position, initial);
      const { membership } = companion;
      const writer = await snapshots.create({ ...position, membership, id: SNAPSHOT_NAME });
      await writer.write(snapshotHeader(companion.encode()));
      for await (const chunk of state) await writer.write(chunk);
      const info = await writer.commit();
      await log.append({
        hardState,
        entries: [],
        snapshot: { info, replacesLog: true },
        sync: true,
      });
      return info;
    } finally {
      await log.close();
    }
  } finally {
    await lock.release();
  }
}

function firstCompanion(
  position: { readonly term: number; readonly index: number },
  initial: readonly InitialMember[],
): Companion {
  const { userSessionsMax, userSessionBytesMax } = GROUP_LIMITS_DEFAULT;
  const companion = Companion.empty({
    sessionsMax: userSessionsMax,
    bytesMax: userSessionBytesMax,
  });
  const ids = (learner: boolean): readonly number[] =>
    initial
      .filter((member) => (member.learner === true) === learner)
      .map(({ id }) => id)
      .sort((left, right) => left - right);
  const membership: Membership = {
    voters: ids(false),
    outgoing: [],
    learners: ids(true),
    learnersNext: [],
    autoLeave: false,
  };
  companion.position = position;
  companion.changeMembership(membership, initial);
  return companion;
}
