import type { Entry, HardState, MemberId, Membership, MembershipChange } from "@quorate/core";
import { encodeMembershipChange } from "@quorate/core";
import { makeDurableDirectory } from "../environment/durable-directory.ts";
import { invalidArgument } from "../group/failures.ts";
import type { GroupSpec } from "../group/group-spec.ts";
import { carriedOut, membershipAtEnd } from "../group/membership-at-end.ts";
import type { GroupStorage } from "../group/recovery.ts";
import { recoverState, sessionLimits } from "../group/recovery.ts";
import type { HostOptions, RecoveryReport } from "../host.ts";
import { IdentityFile, readIdentity } from "../identity/identity-file.ts";
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
 * What `unsafeRecover` with the same arguments would report, without making the member anything it is not. Opens the data
 * as a start would: a torn end that was never acknowledged is set aside. Rejects where the recovery would.
 */
export function previewRecovery<C, R, Q, A>(
  options: RecoverOptions,
  spec: GroupSpec<C, R, Q, A>,
): Promise<RecoveryReport> {
  return onGroup(options, spec, async (storage) => {
    const { report } = await plan(storage, spec, options.hostId);
    return { clusterId: options.newClusterId, ...report };
  });
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
  return onGroup(options, spec, async (storage, identity) => {
    const planned = await plan(storage, spec, options.hostId);
    // First: a crash before the log is changed then leaves a member that reaches nobody, not one that leads alone
    // under the name that the lost members have.
    if (identity.identity.clusterId !== options.newClusterId) {
      await identity.moveTo(options.newClusterId);
    }
    await carryOut(storage, planned);
    return { clusterId: options.newClusterId, ...planned.report };
  });
}

/** Opens the group's data for this process alone, and closes it in the end, the machine in any case. */
async function onGroup<C, R, Q, A, Result>(
  options: RecoverOptions,
  spec: GroupSpec<C, R, Q, A>,
  act: (storage: GroupStorage, identity: IdentityFile) => Promise<Result>,
): Promise<Result> {
  const { environment, directory, clusterId, newClusterId } = options;
  try {
    if (newClusterId === "" || newClusterId === clusterId) {
      throw invalidArgument("The recovered group needs a cluster id that was never used before.");
    }
    await makeDurableDirectory(environment.files, directory);
    const lock = await lockData(environment, directory);
    try {
      return await onStorage(options, spec.groupId, act);
    } finally {
      await lock.release();
    }
  } finally {
    await spec.machine.close();
  }
}

async function onStorage<Result>(
  { environment, directory, clusterId, newClusterId, hostId }: RecoverOptions,
  groupId: GroupId,
  act: (storage: GroupStorage, identity: IdentityFile) => Promise<Result>,
): Promise<Result> {
  const known = await readIdentity(environment, directory);
  const identity = await IdentityFile.open(environment, directory, {
    clusterId: known?.clusterId === newClusterId ? newClusterId : clusterId,
    hostId,
    hostName: known?.hostName ?? "",
  });
  const store = new DirectoryStorage(environment, directory, identity);
  const storage = await store.open(groupId, () => undefined);
  try {
    return await act(storage, identity);
  } finally {
    await storage.log.close();
  }
}

type GroupReport = Omit<RecoveryReport, "clusterId">;

/** What a recovery will write, and what it will say. */
interface Plan {
  readonly hardState: HardState;
  readonly entries: readonly Entry[];
  readonly report: GroupReport;
}

async function plan<C, R, Q, A>(
  storage: GroupStorage,
  spec: GroupSpec<C, R, Q, A>,
  self: MemberId,
): Promise<Plan> {
  const limits = sessionLimits(withDefaults(GROUP_LIMITS_DEFAULT, spec.limits));
  const { companion, recovered } = await recoverState(spec.machine as never, storage, limits);
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
  const applied = companion.position.index;
  const report: GroupReport = {
    groupId: spec.groupId,
    keptThrough: last,
    applied,
    knownCommitted: Math.max(hardState.commit, applied),
    isIncomplete: storage.refill !== undefined,
    before,
    after: changes.reduce(carriedOut, before),
  };
  return { hardState: { term, vote: 0, commit: last.index + entries.length }, entries, report };
}

async function carryOut(storage: GroupStorage, { hardState, entries }: Plan): Promise<void> {
  await storage.log.append({ hardState, entries, snapshot: undefined, sync: true });
  // What this member has counts as everything there is.
  await storage.refill?.end();
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
