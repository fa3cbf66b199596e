import { membershipFault } from "../membership/check.ts";
import type { Raft } from "../raft.ts";
import type { Progress } from "../replication/progress.ts";
import { NOBODY } from "../types.ts";
import { invariant } from "./invariant.ts";
import { INVARIANTS } from "./names.ts";

/** Everything that must hold between two calls and can be seen in one member. For tests and simulation. */
export function checkThoroughly(raft: Raft): void {
  checkStanding(raft);
  checkLog(raft);
  checkMembership(raft);
  if (raft.standing.role === "leader") checkLeader(raft);
  else checkNotLeader(raft);
}

function checkStanding(raft: Raft): void {
  const { role, term, vote, leader } = raft.standing;
  invariant(
    Number.isSafeInteger(term) && term >= 0,
    INVARIANTS.termGrows,
    () => `term ${term} is no safe integer`,
  );
  invariant(
    role !== "candidate" || (vote === raft.id && leader === NOBODY),
    INVARIANTS.roleTransition,
    () => `candidate with vote ${vote} and leader ${leader}`,
  );
  invariant(
    role !== "preCandidate" || leader === NOBODY,
    INVARIANTS.roleTransition,
    () => `pre-candidate with leader ${leader}`,
  );
  invariant(
    role !== "leader" || (leader === raft.id && vote === raft.id),
    INVARIANTS.oneLeader,
    () => `leader with vote ${vote} and leader ${leader}`,
  );
  invariant(
    role === "leader" || leader !== raft.id,
    INVARIANTS.oneLeader,
    () => `${role} that follows itself`,
  );
}

function checkLog(raft: Raft): void {
  const { log } = raft;
  const { firstIndex, lastIndex, tailOffset, tailHandedOut, durable, applying } = log;
  invariant(
    firstIndex - 1 <= durable && durable <= lastIndex,
    INVARIANTS.noGaps,
    () => `first ${firstIndex}, durable ${durable}, last ${lastIndex}`,
  );
  invariant(
    tailOffset <= tailHandedOut && tailHandedOut <= lastIndex + 1,
    INVARIANTS.noGaps,
    () => `tail ${tailOffset}, handed out ${tailHandedOut}, last ${lastIndex}`,
  );
  invariant(
    raft.options.applyBeforeDurable || log.installing !== undefined || applying <= durable,
    INVARIANTS.appliedDurable,
    () => `handed out for applying ${applying}, durable ${durable}`,
  );
  let term = log.termAt(Math.max(tailOffset - 1, firstIndex - 1));
  for (let index = tailOffset; index <= lastIndex; index++) {
    const here = log.termAt(index);
    invariant(here >= term, INVARIANTS.noGaps, () => `term ${here} at ${index} after ${term}`);
    term = here;
  }
  // A group that is started from a snapshot begins with an empty log after it, in any term.
  invariant(
    term === log.lastTerm && (term <= raft.standing.term || lastIndex < firstIndex),
    INVARIANTS.logWithinTerm,
    () => `last term ${term} or ${log.lastTerm}, our term ${raft.standing.term}`,
  );
}

function checkMembership(raft: Raft): void {
  const { membership } = raft.membership.roster;
  const fault = membershipFault(membership);
  invariant(fault === undefined, INVARIANTS.membershipSound, () => fault ?? "");
}

function checkLeader(raft: Raft): void {
  const { log, tracker } = raft;
  const { members } = raft.membership.roster;
  invariant(
    tracker.all.length === members.length &&
      tracker.all.every((progress, at) => progress.id === members[at]),
    INVARIANTS.everyoneTracked,
    () => `${tracker.all.map((progress) => progress.id)} of ${members}`,
  );
  for (const progress of tracker.all) {
    if (progress.id === raft.id) checkOwnProgress(raft, progress);
    else checkProgress(raft, progress);
  }
  invariant(raft.quota.bytes >= 0, INVARIANTS.quota, () => `${raft.quota.bytes} uncommitted bytes`);
  invariant(
    log.lastTerm === raft.standing.term,
    INVARIANTS.leaderAppends,
    () => `leader of term ${raft.standing.term} ends with term ${log.lastTerm}`,
  );
}

function checkOwnProgress(raft: Raft, progress: Progress): void {
  invariant(
    progress.match <= raft.log.durable,
    INVARIANTS.ownDurable,
    () => `match ${progress.match}, durable ${raft.log.durable}`,
  );
}

function checkProgress(raft: Raft, progress: Progress): void {
  const { id, state, match, next, pendingSnapshot } = progress;
  invariant(match < next, INVARIANTS.matchBeforeNext, () => `${id}: match ${match}, next ${next}`);
  invariant(
    match <= raft.log.lastIndex,
    INVARIANTS.matchBeforeNext,
    () => `${id}: match ${match}, last ${raft.log.lastIndex}`,
  );
  invariant(
    (state === "snapshot") === pendingSnapshot > 0 && (state !== "snapshot" || progress.isPaused),
    INVARIANTS.window,
    () => `${id}: ${state} with snapshot ${pendingSnapshot}`,
  );
  invariant(
    state === "replicate" || progress.inflightMessages === 0,
    INVARIANTS.window,
    () => `${id}: ${progress.inflightMessages} appends on the way in ${state}`,
  );
  const { inflightMessagesMax } = raft.options;
  invariant(
    progress.inflightMessages <= inflightMessagesMax,
    INVARIANTS.window,
    () => `${id}: ${progress.inflightMessages} of ${inflightMessagesMax} appends`,
  );
}

function checkNotLeader(raft: Raft): void {
  invariant(
    raft.tracker.all.length === 0 && raft.transfer.target === NOBODY && raft.reads.pending === 0,
    INVARIANTS.endOfLeadership,
    () => `${raft.standing.role} with ${raft.reads.pending} reads`,
  );
}
