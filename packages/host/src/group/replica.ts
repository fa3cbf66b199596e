import type {
  CoreStatus,
  Decision,
  LogIndex,
  LogPosition,
  MemberId,
  Membership,
  Role,
  SnapshotInfo,
} from "@quorate/core";
import type { AbortSignalLike, GroupId } from "../transport/transport.ts";
import type { MemberAddress, MembershipOptions, MembershipStep } from "./membership-request.ts";
import type { ReplicaEvent } from "./replica-event.ts";
import type { Applied, ProposeOptions, QueryOptions, RequestOptions, Session } from "./request.ts";
import type { AppliedPosition } from "./state-machine.ts";

/**
 * One member of one group: what an application holds. All calls work on every member; a follower passes proposals
 * on and asks the leader for read indexes. Every rejection is a `QuorateError` whose `outcome` says whether the
 * operation may still take effect.
 */
export interface Replica<C, R, Q, A> {
  readonly groupId: GroupId;
  readonly memberId: MemberId;
  readonly role: Role;
  /** Who leads as far as this member knows. */
  readonly leader: MemberAddress | undefined;
  /** Everything up to here is in the state machine. */
  readonly appliedIndex: LogIndex;

  /**
   * Resolves once the command is applied on this member, wherever the leader is. Survives changes of leadership
   * within the time-out without applying twice.
   */
  propose(command: C, options?: ProposeOptions): Promise<Applied<R>>;
  query(query: Q, options?: QueryOptions): Promise<A>;
  /** Resolves once the local state machine is fresh enough for `options.level`; read it synchronously then. */
  readBarrier(options?: QueryOptions): Promise<AppliedPosition>;
  openSession(options?: RequestOptions): Promise<Session>;

  /**
   * Brings all steps about in one call: new voters join as learners, catch up, and are promoted in one (if needed
   * joint) change. Resolves with the final membership once it is in force here. Can be repeated. `timeoutMs` is 60 000
   * here unless given: catching up takes its time.
   */
  changeMembership(
    steps: readonly MembershipStep[],
    options?: MembershipOptions,
  ): Promise<Membership>;
  /** Resolves when `to` leads. Without `to` the most caught-up voter is chosen. */
  transferLeadership(to?: MemberId, options?: RequestOptions): Promise<MemberId>;
  /** Stands for election now, without waiting for the leader to be missed. */
  campaign(): void;
  /** Builds a snapshot now and resolves when it is durable. `timeoutMs` is 600 000 here unless given. */
  snapshot(options?: RequestOptions): Promise<SnapshotInfo>;

  status(): ReplicaStatus;
  metrics(): GroupMetrics;
  /** The newest decisions of the core, oldest first; `@quorate/explain` turns them into sentences. */
  decisions(): readonly TimedDecision[];
  /** Hears every decision until the returned function is called. */
  onDecision(listener: (decision: TimedDecision) => void): () => void;
  /** Events from now on; a slow reader finds a `gap` event in place of what it missed. */
  watch(options?: WatchOptions): AsyncIterable<ReplicaEvent>;
  /** Calls `listener` for every event, synchronously. Returns the function that ends it. */
  onEvent(listener: (event: ReplicaEvent) => void): () => void;

  /** Stops taking part: campaigning first, then running applies, then the stores. Safe to call twice. */
  close(): Promise<void>;
}

/** How events are watched. `signal` ends it. */
export interface WatchOptions {
  readonly signal?: AbortSignalLike | undefined;
}

/** A decision of the core and when it was taken, in milliseconds of the host's monotonic clock. */
export interface TimedDecision {
  /** The environment's monotonic milliseconds. */
  readonly atMs: number;
  readonly decision: Decision;
}

/** Why a replica takes no proposals at the moment, if so. */
export type ReplicaCondition = "running" | "storageFull" | "removed" | "stopped" | "closed";

/** A copy of a replica's state. */
export interface ReplicaStatus {
  readonly groupId: GroupId;
  readonly condition: ReplicaCondition;
  readonly core: CoreStatus;
  readonly members: readonly MemberAddress[];
  readonly applied: LogPosition;
  readonly firstIndex: LogIndex;
  readonly logBytes: number;
  readonly newestSnapshot: SnapshotInfo | undefined;
  readonly snapshotBuilding: boolean;
  readonly pendingProposals: number;
  readonly pendingProposalBytes: number;
  readonly pendingReads: number;
  readonly userSessions: number;
  /** What people should look at, one plain sentence each; empty when all is well. */
  readonly warnings: readonly string[];
}

/** Counters of one replica since it was opened. Plain numbers: read them, never write. */
export interface GroupMetrics {
  readonly proposals: number;
  readonly proposalsApplied: number;
  readonly proposalsFailed: number;
  readonly proposalsForwarded: number;
  readonly batchesProposed: number;
  readonly batchesRetried: number;
  readonly duplicatesDropped: number;
  readonly commandsApplied: number;
  readonly entriesApplied: number;
  readonly reads: number;
  readonly readRounds: number;
  readonly readsFailed: number;
  readonly leaderChanges: number;
  readonly turns: number;
  readonly logAppends: number;
  readonly logBytes: number;
  /** Sum of the time appends took until durable, milliseconds. */
  readonly logAppendMs: number;
  readonly logAppendMsMax: number;
  readonly applyMs: number;
  readonly snapshotsBuilt: number;
  readonly snapshotsSent: number;
  readonly snapshotsInstalled: number;
  readonly snapshotsFailed: number;
  readonly diskStalls: number;
}
