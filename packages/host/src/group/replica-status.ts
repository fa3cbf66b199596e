import type { CoreStatus } from "@quorate/core";
import type { Group } from "./group.ts";
import type { ReplicaStatus } from "./replica.ts";
import type { BroadcastTime } from "./timing-rule.ts";

/** So many entries behind, a follower is worth a word. */
const LAG_ENTRIES = 10_000;

/** A copy of everything worth showing. */
export function replicaStatus<C, R, Q, A>(group: Group<C, R, Q, A>): ReplicaStatus {
  const core = group.core.status();
  const { storage, environment } = group.parts;
  return {
    groupId: group.groupId,
    condition: group.condition,
    core,
    members: group.companion.members,
    applied: group.applier.applied,
    firstIndex: storage.log.firstIndex,
    logBytes: storage.log.diskBytes,
    newestSnapshot: group.snapshots.newest,
    snapshotBuilding: group.snapshots.isBuilding,
    pendingProposals: group.proposals.pending,
    pendingProposalBytes: group.proposals.pendingBytes,
    pendingReads: group.reads.pending,
    userSessions: group.companion.userSessions.size,
    warnings: [
      ...warnings(group, core, group.writer.waitingMs(environment.nowMs())),
      ...brokenTimingRule(group.fitness.timing.broken),
    ],
  };
}

/** What people should look at, in plain sentences. */
function warnings(
  {
    condition,
    answers,
    refill: { isActive: isRefilling },
  }: Pick<Group<never, never, never, never>, "condition" | "answers" | "refill">,
  core: CoreStatus,
  diskWaitMs: number,
): readonly string[] {
  const found: string[] = [];
  if (condition === "stopped") {
    found.push(`This member has stopped${core.stopped === undefined ? "" : `: ${core.stopped}`}.`);
  }
  if (isRefilling) {
    found.push(
      "Damaged entries are fetched from the other members: until then this one votes for nobody.",
    );
  }
  if (condition === "removed") found.push("This member no longer belongs to the group.");
  if (condition === "storageFull") found.push("The disk is full: writes are refused.");
  if (condition === "running" && core.leader === 0) {
    found.push("No leader is known: writes and linearizable reads wait.");
  }
  if (core.membership.outgoing.length > 0) {
    found.push("A change of membership is under way: decisions need both majorities.");
  }
  if (diskWaitMs > 1_000) {
    found.push(`A write to the log has been under way for ${Math.round(diskWaitMs)} ms.`);
  }
  for (const [member, progress] of core.progress) {
    if (member === core.id) continue;
    if (!answers(member)) found.push(`Member ${member} does not answer.`);
    else if (progress.state === "snapshot") {
      found.push(`Member ${member} is being sent a snapshot up to ${progress.pendingSnapshot}.`);
    } else if (core.last.index - progress.match > LAG_ENTRIES) {
      found.push(`Member ${member} lacks ${core.last.index - progress.match} entries.`);
    }
  }
  return found;
}

/** Slowness that is taken for death. */
function brokenTimingRule(rule: BroadcastTime | undefined): readonly string[] {
  if (rule === undefined) return [];
  const { peer, roundTripMs, diskMs, electionTimeoutMs } = rule;
  return [
    `A round trip to member ${peer} takes ${Math.round(roundTripMs)} ms and a write to the log ${Math.round(diskMs)} ms: the election time-out of ${electionTimeoutMs} ms should be at least ten times as long as both.`,
  ];
}
