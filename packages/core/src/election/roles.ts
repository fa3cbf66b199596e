import type { Raft } from "../raft.ts";
import { appendOwn } from "../replication/append-own.ts";
import { type MemberId, NOBODY, type Term } from "../types.ts";

const NO_PAYLOAD: Uint8Array = new Uint8Array(0);

/** Whatever belongs to one role in one term ends with it. */
function endRole(raft: Raft): void {
  raft.timer.reset();
  raft.transfer.reset();
  raft.ballot.clear();
  raft.tracker.clear();
  raft.membership.changePendingTo(0);
  raft.quota.reset();
  raft.lease.reset();
  const abandoned = raft.reads.reset();
  if (abandoned > 0) {
    raft.decide?.({
      type: "readsAbandoned",
      id: raft.id,
      term: raft.standing.term,
      count: abandoned,
    });
  }
  raft.decide?.({
    type: "timeoutDrawn",
    id: raft.id,
    term: raft.standing.term,
    ticks: raft.timer.timeoutTicks,
  });
}

export function becomeFollower(raft: Raft, term: Term, leader: MemberId): void {
  const previous = raft.standing.role;
  endRole(raft);
  raft.standing.follow(term, leader);
  raft.decide?.({ type: "becameFollower", id: raft.id, term, previous, leader });
}

/** The timers go on: asking around must not change when this member tries again. */
export function becomePreCandidate(raft: Raft): void {
  raft.ballot.clear();
  raft.standing.preCampaign();
  raft.decide?.({ type: "becamePreCandidate", id: raft.id, term: raft.standing.term });
}

export function becomeCandidate(raft: Raft): void {
  endRole(raft);
  raft.standing.campaign(raft.id);
  raft.decide?.({ type: "becameCandidate", id: raft.id, term: raft.standing.term });
}

/**
 * Takes over leadership and appends an empty entry: earlier entries can be committed only together with one of the
 * own term, and until then the leader does not know what is committed. Source: Raft §5.4.2, §8.
 */
export function becomeLeader(raft: Raft): void {
  endRole(raft);
  raft.standing.lead(raft.id);
  const last = raft.log.lastIndex;
  raft.tracker.begin(raft.membership.roster, raft.id, raft.log.durable, last);
  raft.tracker.find(raft.id)?.becomeReplicate();
  // Whatever change the log may hold, it must be applied before the next one: two at once have no common majority.
  raft.membership.changePendingTo(last);
  const noop = {
    term: raft.standing.term,
    index: last + 1,
    kind: "noop",
    payload: NO_PAYLOAD,
  } as const;
  appendOwn(raft, [noop]);
  raft.reads.open(noop.index);
  raft.decide?.({
    type: "becameLeader",
    id: raft.id,
    term: raft.standing.term,
    noop: noop.index,
  });
}

/** May this member ask for votes at all? Returns why not. */
export function unpromotable(
  raft: Raft,
): "notMember" | "learner" | "installingSnapshot" | undefined {
  const { roster } = raft.membership;
  if (!roster.includes(raft.id)) return "notMember";
  if (roster.isLearner(raft.id)) return "learner";
  return raft.log.installing === undefined ? undefined : "installingSnapshot";
}

/**
 * Must requests for votes be ignored because a leader was heard less than an election time-out ago? This keeps a
 * member that lost contact from disturbing a working group, and is what leases rest on.
 * Source: Ongaro's thesis §4.2.3, §6.4.1.
 */
export function isLeaderAlive(raft: Raft): boolean {
  return (
    raft.options.checkQuorum &&
    (raft.standing.leader !== NOBODY || raft.timer.recovering) &&
    raft.timer.stickyTicksLeft > 0
  );
}
