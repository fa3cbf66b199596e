import type { DecisionListener } from "./decisions/decision.ts";
import { Ballot } from "./election/ballot.ts";
import { ElectionTimer } from "./election/election-timer.ts";
import { Standing } from "./election/standing.ts";
import { Transfer } from "./election/transfer.ts";
import type { LogView } from "./log/log-view.ts";
import { RaftLog } from "./log/raft-log.ts";
import { MembershipState } from "./membership/membership-state.ts";
import type { CoreOptions, RestoredState } from "./options.ts";
import { Outbox } from "./outbox.ts";
import { Lease } from "./reads/lease.ts";
import { ReadLedger } from "./reads/read-ledger.ts";
import { Tracker } from "./replication/tracker.ts";
import { UncommittedQuota } from "./replication/uncommitted-quota.ts";
import type { MemberId } from "./types.ts";

/**
 * The parts of one member. Each part owns its state and changes it through verbs; the rules, which are functions in
 * the folders named after them, decide which verb.
 */
export class Raft {
  readonly id: MemberId;
  readonly options: CoreOptions;
  /** Absent when nobody listens: `raft.decide?.(…)` then does not even build the event. */
  readonly decide: DecisionListener | undefined;
  readonly standing: Standing;
  readonly timer: ElectionTimer;
  readonly ballot: Ballot = new Ballot();
  readonly transfer: Transfer = new Transfer();
  readonly log: RaftLog;
  readonly tracker: Tracker;
  readonly quota: UncommittedQuota;
  readonly membership: MembershipState;
  readonly reads: ReadLedger = new ReadLedger();
  readonly lease: Lease;
  readonly outbox: Outbox = new Outbox();

  constructor(options: CoreOptions, restored: RestoredState, view: LogView) {
    const { term, vote, commit } = restored.hardState;
    this.id = options.id;
    this.options = options;
    this.decide = options.onDecision;
    this.standing = new Standing(term, vote);
    this.timer = new ElectionTimer(
      options.electionTicks,
      options.heartbeatTicks,
      options.priority,
      options.random,
      options.readMode === "lease" && term > 0,
    );
    // What was applied or compacted had been committed, even if the last move of the commit index was not durable.
    const knownCommitted = Math.max(commit, restored.applied, view.firstIndex - 1);
    this.log = new RaftLog(view, knownCommitted, restored.applied, options);
    this.tracker = new Tracker({
      messagesMax: options.inflightMessagesMax,
      bytesMax: options.inflightBytesMax,
    });
    this.quota = new UncommittedQuota(options.uncommittedBytesMax);
    this.membership = new MembershipState(restored.membership);
    this.lease = new Lease(options.electionTicks);
  }
}
