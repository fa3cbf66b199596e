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
  /** Payload bytes a leader took in its term and has not applied; proposals beyond are refused with `quotaExceeded`. */
  readonly uncommittedBytesMax: number;
  /** Bytes handed out for applying and not yet acknowledged: payload plus 16 per entry. One entry always fits. */
  readonly applyBytesMax: number;
  /**
   * Hand out committed entries for applying although they are not durable here yet. Only safe for a caller that makes
   * `append` of the same batch durable before it applies `apply`. Default false: only durable entries are handed out.
   */
  readonly applyBeforeDurable: boolean;
  /**
   * Answer appends that carry nothing but a newer commit index, as etcd's library does. The entries were answered
   * already, so the answer only costs; without it, one that was lost is made up for after the next heartbeat.
   * Default true.
   */
  readonly answerCommits: boolean;
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
  /**
   * As of `applied`: membership changes take force when they are applied. A later member learns of the group from the log
   * and snapshots alone, so a group begins either with its first members as committed changes in the log and an empty
   * membership at 0, or with a log that starts after a snapshot. Never with a membership at 0 that is written nowhere.
   */
  readonly membership: Membership;
  /** The state machine already contains everything up to here. */
  readonly applied: LogIndex;
}

/** What holds for every option that is not set. The safe choice where there is one. */
const DEFAULTS: Omit<CoreOptions, "id" | "random"> = {
  electionTicks: 10,
  heartbeatTicks: 1,
  preVote: true,
  checkQuorum: true,
  readMode: "quorum",
  stepDownOnRemoval: true,
  forwardProposals: false,
  validateMembership: true,
  appendBytesMax: 1024 * 1024,
  inflightMessagesMax: 256,
  inflightBytesMax: 16 * 1024 * 1024,
  uncommittedBytesMax: 64 * 1024 * 1024,
  applyBytesMax: 16 * 1024 * 1024,
  applyBeforeDurable: false,
  answerCommits: true,
  priority: 1,
  onDecision: undefined,
};

/** @throws RangeError when an option makes no sense. */
export function resolveOptions(settings: CoreSettings): CoreOptions {
  const options: CoreOptions = { ...DEFAULTS, ...withoutUndefined(settings) };
  const atLeast = (name: keyof CoreOptions, minimum: number): void => {
    const value = options[name] as number;
    if (!Number.isSafeInteger(value) || value < minimum) {
      throw new RangeError(`${name} must be a whole number of at least ${minimum}, not ${value}`);
    }
  };
  atLeast("id", 1);
  atLeast("heartbeatTicks", 1);
  atLeast("electionTicks", options.heartbeatTicks + 1);
  atLeast("appendBytesMax", 1);
  atLeast("inflightMessagesMax", 1);
  atLeast("inflightBytesMax", 1);
  atLeast("uncommittedBytesMax", 1);
  atLeast("applyBytesMax", 1);
  atLeast("priority", 0);
  if (options.readMode === "lease" && !options.checkQuorum) {
    throw new RangeError(
      "readMode lease needs checkQuorum: nothing else keeps other candidates away",
    );
  }
  return options;
}

function withoutUndefined(settings: CoreSettings): CoreSettings {
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  ) as unknown as CoreSettings;
}
