import type { MemberId, MembershipChange, PeerMessage } from "@quorate/core";

/** How often each thing may happen in one run; what is bounded by nothing is only how messages are delivered. */
export interface Budgets {
  /** Members that begin an election by themselves. */
  readonly campaigns: number;
  readonly proposals: number;
  /** A crash that loses what is not durable, with the restart after it. */
  readonly restarts: number;
  /** Messages that are delivered and stay on their way. */
  readonly duplicates: number;
  readonly heartbeats: number;
  readonly changes: number;
  readonly snapshots: number;
  readonly reads: number;
  readonly transfers: number;
  /** Ticks of single members; only where time-outs matter to the rules. */
  readonly ticks: number;
}

export const NO_BUDGETS: Budgets = Object.freeze({
  campaigns: 0,
  proposals: 0,
  restarts: 0,
  duplicates: 0,
  heartbeats: 0,
  changes: 0,
  snapshots: 0,
  reads: 0,
  transfers: 0,
  ticks: 0,
});

/** Entries that a member begins with: the term of each, from index 2 on. Index 1 is a snapshot that all have. */
export interface Beginning {
  readonly terms: readonly number[];
  /** The term it has reached and its vote in it. */
  readonly term: number;
  readonly vote: MemberId;
  readonly commit: number;
}

/** A small cluster with everything that may happen to it. */
export interface Configuration {
  readonly name: string;
  /** Takes hours, or more memory than most machines have: explored only when it is asked for. */
  readonly isLarge: boolean;
  /** What is explored, in one sentence. */
  readonly story: string;
  /** Voters 1 to `voters` at the start. */
  readonly voters: number;
  readonly learners: readonly MemberId[];
  /** Members with an empty disk that a change may bring in. */
  readonly newcomers: readonly MemberId[];
  readonly preVote: boolean;
  readonly checkQuorum: boolean;
  /** Nobody begins an election in this term or later. */
  readonly termMax: number;
  /** Writes take their time, and a crash loses what is under way. Otherwise they are durable at once. */
  readonly slowDisk: boolean;
  readonly budgets: Budgets;
  /** Changes that a leader may propose, whichever comes first. */
  readonly changes: readonly MembershipChange[];
  readonly beginnings: Readonly<Record<MemberId, Beginning>>;
  /** Payload bytes per append: 1 sends entries one by one. */
  readonly appendBytesMax: number;
  readonly inflightMessagesMax: number;
  /** Members that can change places without anybody noticing: none of them is named in a change. */
  readonly symmetric: readonly MemberId[];
  /** Messages of past terms that their receiver ignores are taken off the network, as if they were lost. */
  readonly dropsStale: boolean;
  /** Kinds of messages that may be delivered; everything for undefined. */
  readonly delivers: readonly PeerMessage["type"][] | undefined;
}

export const PLAIN: Configuration = Object.freeze({
  name: "plain",
  isLarge: false,
  story: "",
  voters: 3,
  learners: Object.freeze([]),
  newcomers: Object.freeze([]),
  preVote: false,
  checkQuorum: false,
  termMax: 3,
  slowDisk: false,
  budgets: NO_BUDGETS,
  changes: Object.freeze([]),
  beginnings: Object.freeze({}),
  appendBytesMax: 1 << 20,
  inflightMessagesMax: 256,
  symmetric: Object.freeze([1, 2, 3]),
  dropsStale: true,
  delivers: undefined,
});
