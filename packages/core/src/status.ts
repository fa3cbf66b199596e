import type { Membership } from "./membership/membership.ts";
import type { LogIndex, LogPosition, MemberId, Role, Term } from "./types.ts";

/**
 * How a leader sends to a member: carefully one at a time, in a stream, or a snapshot. `docs/spec/progress.md` has
 * the transitions.
 */
export type ProgressState = "probe" | "replicate" | "snapshot";

/** What a leader knows about one follower. */
export interface ProgressStatus {
  readonly state: ProgressState;
  readonly match: LogIndex;
  readonly next: LogIndex;
  readonly learner: boolean;
  readonly active: boolean;
  readonly paused: boolean;
  /** Index of the snapshot on its way, 0 for none. */
  readonly pendingSnapshot: LogIndex;
  readonly inflightMessages: number;
  readonly inflightBytes: number;
  /** No more appends fit before one is answered. */
  readonly windowFull: boolean;
}

/** A copy of the core's state, for people and tests. */
export interface CoreStatus {
  readonly id: MemberId;
  readonly role: Role;
  readonly leader: MemberId;
  readonly term: Term;
  readonly vote: MemberId;
  readonly commit: LogIndex;
  readonly applied: LogIndex;
  /** Handed out for applying. */
  readonly applying: LogIndex;
  readonly last: LogPosition;
  /** Last index that is durable here. */
  readonly durable: LogIndex;
  readonly membership: Membership;
  /** Who leadership is being handed to, 0 for nobody. */
  readonly transferee: MemberId;
  readonly uncommittedBytes: number;
  readonly pendingReads: number;
  readonly electionElapsedTicks: number;
  readonly electionTimeoutTicks: number;
  /** Leader only; empty otherwise. */
  readonly progress: ReadonlyMap<MemberId, ProgressStatus>;
  /** The broken invariant that stopped this core, if one did. */
  readonly stopped: string | undefined;
}
