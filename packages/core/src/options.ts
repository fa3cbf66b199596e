import type { DecisionListener } from "./decisions/decision.ts";
import type { Membership } from "./membership/membership.ts";
import type { HardState, LogIndex, MemberId } from "./types.ts";

/** How reads are confirmed: by a heartbeat round to a majority, or by the leader's lease (needs `checkQuorum`). */
export type ReadMode = "quorum" | "lease";

/** Settings of one member of one group. Times are counted in ticks, whose length the owner chooses. */
export interface CoreOptions {
  readonly id: MemberId;
  /** Base T of the election time-out; the actual one is drawn anew from [T, 2T - 1] for each attempt. */
  readonly electionTicks: number;
  /** Must be smaller than `electionTicks`. */
  readonly heartbeatTicks: number;
  /** The only source of randomness: uniform in [0, 1). */
  readonly random: () => number;
  readonly preVote: boolean;
  readonly checkQuorum: boolean;
  readonly readMode: ReadMode;
  readonly stepDownOnRemoval: boolean;
  /** Pass proposals of a follower on to the leader; otherwise they are refused with the leader's name. */
  readonly forwardProposals: boolean;
  /** Turns off the refusal of unsafe membership proposals; only conformance tests do. */
  readonly validateMembership: boolean;
  /** Payload bytes per append message; one entry always fits. */
  readonly appendBytesMax: number;
  /** Append messages on the way to one follower. */
  readonly inflightMessagesMax: number;
  /** Payload bytes on the way to one follower; the last message may overshoot. */
  readonly inflightBytesMax: number;
  /** Payload bytes a leader holds that are not committed; proposals beyond are refused with `quotaExceeded`. */
  readonly uncommittedBytesMax: number;
  /** Payload bytes handed out for applying and not yet acknowledged. */
  readonly applyBytesMax: number;
  /** 0: never campaigns by itself. Larger values shorten the wait among equals. Default 1. */
  readonly priority: number;
  /** Hears every decision as a structured event; free when absent. */
  readonly onDecision: DecisionListener | undefined;
}

/** The options a caller must choose; everything else has a safe default. */
export type CoreSettings = Pick<CoreOptions, "id" | "random"> & Partial<CoreOptions>;

/** What survived the last stop. All zero and empty for a new member. */
export interface RestoredState {
  readonly hardState: HardState;
  /** As of `applied`: membership changes take force when they are applied. */
  readonly membership: Membership;
  /** The state machine already contains everything up to here. */
  readonly applied: LogIndex;
}
