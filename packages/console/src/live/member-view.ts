import type { Decision, ProgressState, Role } from "@quorate/core";

/** A decision of a member, and when it was made. */
export interface LiveDecision {
  readonly sequence: number;
  readonly wallClockMs: number;
  readonly decision: Decision;
}

/** A decision and who made it. */
export interface TimedLine extends LiveDecision {
  readonly member: number;
}

/** How a member says that it stands. */
export interface LiveView {
  readonly id: number;
  readonly role: Role;
  readonly term: number;
  readonly leader: number;
  readonly vote: number;
  readonly commit: number;
  readonly applied: number;
  readonly durable: number;
  readonly first: number;
  readonly last: number;
  readonly snapshot: number;
  readonly condition: string;
  readonly warnings: readonly string[];
  readonly membership: {
    readonly voters: readonly number[];
    readonly outgoing: readonly number[];
    readonly learners: readonly number[];
  };
  readonly progress: readonly {
    readonly member: number;
    readonly state: ProgressState;
    readonly match: number;
    readonly next: number;
    readonly active: boolean;
  }[];
  readonly peers: readonly {
    readonly peer: number;
    readonly connected: boolean;
    readonly roundTripMs?: number | undefined;
    readonly queuedBytes: number;
  }[];
  readonly logBytes: number;
  readonly pendingProposals: number;
  readonly pendingReads: number;
  readonly sessions: number;
  readonly metrics: {
    readonly commandsApplied: number;
    readonly reads: number;
    readonly logAppends: number;
    readonly logAppendMs: number;
    readonly leaderChanges: number;
  };
  readonly store: {
    readonly revision: number;
    readonly compactRevision: number;
    readonly sizeBytes: number;
    readonly sizeInUseBytes: number;
    readonly alarms: readonly string[];
    readonly leases: number;
    readonly watchers: number;
    readonly watchStreams: number;
  };
  readonly times: { readonly count: number; readonly p50Ms: number; readonly p99Ms: number };
  readonly process: number;
  readonly upMs: number;
  readonly wallClockMs: number;
  readonly decisions: readonly LiveDecision[];
}

export interface LiveMember {
  readonly id: number;
  readonly publicId: string;
  readonly name: string;
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
  /** Null while it does not answer. */
  readonly view: LiveView | null;
}

/** One line of the stream. */
export interface LiveCluster {
  /** The member that serves this page. */
  readonly self: number;
  /** The reader may change the cluster. */
  readonly mayChange: boolean;
  readonly members: readonly LiveMember[];
}
