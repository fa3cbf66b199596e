import type { Entry, LogIndex, MemberId, Membership, MembershipChange } from "@quorate/core";
import { encodeMembershipChange } from "@quorate/core";
import { makeDurableDirectory } from "../environment/durable-directory.ts";
import { invalidArgument } from "../group/failures.ts";
import type { GroupSpec } from "../group/group-spec.ts";
import { carriedOut, membershipAtEnd } from "../group/membership-at-end.ts";
import type { GroupStorage } from "../group/recovery.ts";
import { recoverState, sessionLimits } from "../group/recovery.ts";
import type { HostOptions, RecoveryReport } from "../host.ts";
import { IdentityFile, readIdentity } from "../identity/identity-file.ts";
import type { RecoveredLog } from "../log/log-store.ts";
import type { GroupId } from "../transport/transport.ts";
import { lockData } from "./data-lock.ts";
import { GROUP_LIMITS_DEFAULT, withDefaults } from "./defaults.ts";
import { DirectoryStorage } from "./directory-storage.ts";

/** What the caller must write to show that it knows what this does. */
export type AcceptsDataLoss = "I accept data loss";

/** Where the data is, whose it was, and the cluster that it becomes. */
export interface RecoverOptions
  extends Pick<HostOptions, "environment" | "directory" | "clusterId" | "hostId"> {
  /**
   * Never used before, different from `clusterId`. Lost members that turn up again then belong to another cluster and
   * are turned away, instead of forming a second majority of the old one. The same for all groups of a host.
   */
  readonly newClusterId: string;
}

/**
 * Makes this host's member the only voter of its group, after a majority was lost for good. Offline: no process may
 * use the data. Everything in this member's log counts as committed from then on, whether it was or not; what only the
 * lost members had is gone. Choose the survivor with the longest log, and delete the data of all others: they come
 * back as new members with new numbers, never as they were. After a crash in the middle, run it again.
 */
export async function unsafeRecover<C, R, Q, A>(
  options: RecoverOptions,
  spec: GroupSpec<C, R, Q, A>,
  confirm: AcceptsDataLoss,
): Promise<RecoveryReport> {
  if (confirm !== "I accept data loss") {
    throw invalidArgument('Write "I accept data loss" to recover a group without its majority.');
  }
  const { environment, directory, clusterId, newClusterId, hostId } = options;
  if (newClusterId === "" || newClusterId === clusterId) {
    throw invalidArgument("The recovered group needs a cluster id that was never used before.");
  }
  await makeDurableDirectory(environment.files, directory);
  const lock = await lockData(environment, directory);
  try {
    const known = await readIdentity(environment, directory);
    const hasMoved = known?.clusterId === newClusterId;
    const identity = await IdentityFile.open(environment, directory, {
      clusterId: hasMoved ? newClusterId : clusterId,
      hostId,
      hostName: known?.hostName ?? "",
    });
    // First: a crash before the log is changed then leaves a member that reaches nobody, not one that leads alone
    // under the name that the lost members have.
    if (!hasMoved) await identity.moveTo(newClusterId);
    const store = new DirectoryStorage(environment, directory, identity);
    const storage = await store.open(spec.groupId, () => undefined);
    try {
      return { clusterId: newClusterId, ...(await recover(storage, spec, hostId)) };
    } finally {
      await spec.machine.close();
      await storage.log.close();
    }
  } finally {
    await lock.release();
  }
}

type GroupReport = Omit<RecoveryReport, "clusterId">;

async function recover<C, R, Q, A>(
  storage: GroupStorage,
  spec: GroupSpec<C, R, Q, A>,
  self: MemberId,
): Promise<GroupReport> {
  const limits = sessionLimits(withDefaults(GROUP_LIMITS_DEFAULT, spec.limits));
  const state = await recoverState(spec.machine as never, storage, limits);
  const { companion, recovered } = state;
  const { hardState, last } = recovered;
  const before = await membershipAtEnd(storage.log, companion);
  const changes = changesTo(self, before);
  const term = Math.max(hardState.term, last.term) + 1;
  const entries = changes.map(
    (change, place): Entry => ({
      term,
      index: last.index + 1 + place,
      kind: "membership",
      payload: encodeMembershipChange(change),
    }),
  );
  const after = changes.reduce(carriedOut, before);
  const commit = last.index + entries.length;
  await storage.log.append({
    hardState: { term, vote: 0, commit },
    entries,
    snapshot: undefined,
    sync: true,
  });
  // What this member has counts as everything there is.
  await storage.refill?.end();
  return report(spec.groupId, recovered, companion.position.index, before, after);
}

function report(
  groupId: GroupId,
  { hardState, last }: RecoveredLog,
  applied: LogIndex,
  before: Membership,
  after: Membership,
): GroupReport {
  const knownCommitted = Math.max(hardState.commit, applied);
  return { groupId, keptThrough: last, knownCommitted, before, after };
}

/** One change after the other, each of which any member can carry out: at most one voter changes at a time. */
function changesTo(self: MemberId, membership: Membership): readonly MembershipChange[] {
  const context = new Uint8Array(0);
  const single = (action: "voter" | "remove", member: MemberId): MembershipChange => ({
    transition: "auto",
    steps: [{ action, member }],
    context,
  });
  const changes: MembershipChange[] = [];
  let current = membership;
  if (membership.outgoing.length > 0) {
    const leave: MembershipChange = { transition: "auto", steps: [], context };
    changes.push(leave);
    current = carriedOut(membership, leave);
  }
  if (!current.voters.includes(self)) {
    if (!current.learners.includes(self)) {
      throw invalidArgument(`Member ${self} does not belong to the group it should recover.`);
    }
    changes.push(single("voter", self));
  }
  for (const member of [...current.voters, ...current.learners]) {
    if (member !== self) changes.push(single("remove", member));
  }
  return changes;
}
