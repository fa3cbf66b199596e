import type {
  Decision,
  LogIndex,
  LogPosition,
  MemberId,
  Membership,
  RaftCore,
} from "@quorate/core";
import type { Environment } from "./environment/environment.ts";
import type { GroupCoreSettings, GroupSpec } from "./group/group-spec.ts";
import type { InitialMember, MemberAddress } from "./group/membership-request.ts";
import type { GroupStorage } from "./group/recovery.ts";
import type { Replica } from "./group/replica.ts";
import type { ReplicaEvent } from "./group/replica-event.ts";
import type { GroupId, PeerStatus, TransportEvent } from "./transport/transport.ts";

/** Who and where a host is. */
export interface HostOptions {
  readonly environment: Environment;
  /** Folder of this host's data; one process at a time. */
  readonly directory: string;
  /** Names the cluster in every handshake and in the data; hosts of other clusters are refused. 1 to 64 characters. */
  readonly clusterId: string;
  /** This host's number within the cluster and its member id in every group. Never given to another machine. */
  readonly hostId: MemberId;
  /** For people. */
  readonly hostName?: string | undefined;
  /** `host:port` to accept peers at; port 0 takes a free one. */
  readonly listenAddress: string;
  /** What other hosts are told to dial. Default: the address really listened at. */
  readonly advertiseAddress?: string | undefined;
  /** Length of a tick in milliseconds. Default 100. */
  readonly tickMs?: number | undefined;
  /** Settings for all groups; a group's own come first. */
  readonly core?: GroupCoreSettings | undefined;
  readonly transport?: Partial<TransportLimits> | undefined;
  /** Size of a log segment file in bytes, 4 KiB to 1 GiB. Default 64 MiB. The log is purged by whole segments. */
  readonly logSegmentBytes?: number | undefined;
  /**
   * Lets a member whose log or snapshots are damaged fetch what it lost from the others, where its newest vote is
   * certain; the damaged log is kept beside the new one. False refuses to open it instead. Default true.
   */
  readonly refillDamaged?: boolean | undefined;
  /** Decides whether a peer's certificate names belong to `peer`. Default: accepts what the network accepted. */
  readonly verifyPeer?: ((peer: MemberId, names: readonly string[]) => boolean) | undefined;
  /** Moves leadership away from a host that leads more than its share of the groups. Default false. */
  readonly balanceLeaders?: boolean | undefined;
  /** Hears everything worth a log line, synchronously. What it throws surfaces in a later turn of the event loop. */
  readonly onEvent?: ((event: HostEvent) => void) | undefined;
  /**
   * Puts a witness between each group and its core, which sees every call and every effect and passes all of them on.
   * For simulators and tests. @internal
   */
  readonly wrapCore?: ((core: RaftCore, of: CoreOrigin) => RaftCore) | undefined;
  /** Hears every decision of every group's core, synchronously. For simulators and tests. @internal */
  readonly onDecision?: ((groupId: GroupId, decision: Decision) => void) | undefined;
}

/** What a core was made from. @internal */
export interface CoreOrigin {
  readonly groupId: GroupId;
  readonly storage: GroupStorage;
  /** In force after everything up to `applied`. */
  readonly membership: Membership;
  readonly applied: LogPosition;
}

/** Bounds of the transport, each in the unit its name ends with. */
export interface TransportLimits {
  /** Queued bytes per peer for votes, heartbeats and answers. Default 4 MiB. */
  readonly controlQueueBytes: number;
  /** Queued bytes per peer for appends and forwarded commands. Default 64 MiB. */
  readonly logQueueBytes: number;
  /** Snapshot bytes per second and host, 0 for no limit. Default 0. */
  readonly snapshotBytesPerSecond: number;
  /** Snapshots on their way out at the same time. Default 2. */
  readonly snapshotsMax: number;
}

/** Everything worth a log line. */
export type HostEvent =
  | { readonly type: "transport"; readonly event: TransportEvent }
  | { readonly type: "replica"; readonly groupId: GroupId; readonly event: ReplicaEvent }
  /** The event loop stood still; at most one tick is delivered for the lost time. */
  | { readonly type: "eventLoopStalled"; readonly forMs: number }
  /** The wall clock moved against the monotonic one; nothing depends on it but the entries' time stamps. */
  | { readonly type: "clockJumped"; readonly byMs: number };

/** The shared resources of one process: data folder, connections, clock. Carries many groups. */
export interface Host {
  readonly hostId: MemberId;
  readonly clusterId: string;
  /** Where peers reach this host. */
  readonly address: string;
  /** Grows with every start of this host on its data. */
  readonly incarnation: number;

  /**
   * First start of a brand-new group. Call it on every initial member with the same list; refuses with
   * ALREADY_EXISTS when any local state of the group exists.
   */
  createGroup<C, R, Q, A>(
    group: GroupSpec<C, R, Q, A>,
    initial: readonly InitialMember[],
  ): Promise<Replica<C, R, Q, A>>;
  /** Starts empty and waits to be added; never campaigns before. `contacts` are members to answer. */
  joinGroup<C, R, Q, A>(
    group: GroupSpec<C, R, Q, A>,
    contacts: readonly MemberAddress[],
  ): Promise<Replica<C, R, Q, A>>;
  /**
   * Every later start. Refuses with IDENTITY_MISSING or CORRUPT_LOG instead of starting empty. `contacts` help a
   * member that was stopped before it had heard anything of the group it joined.
   */
  openGroup<C, R, Q, A>(
    group: GroupSpec<C, R, Q, A>,
    contacts?: readonly MemberAddress[],
  ): Promise<Replica<C, R, Q, A>>;
  /** Whether this host has data of the group, so that `openGroup` is the right verb. */
  hasGroup(groupId: GroupId): Promise<boolean>;
  /** Deletes the data of a closed group from this host. */
  removeGroup(groupId: GroupId): Promise<void>;

  groups(): readonly GroupId[];
  peers(): readonly PeerStatus[];
  metrics(): HostMetrics;
  close(): Promise<void>;
}

/** Counters of one host since it was created. */
export interface HostMetrics {
  readonly ticks: number;
  readonly eventLoopStalls: number;
  readonly eventLoopStallMsMax: number;
  readonly clockJumps: number;
  readonly framesSent: number;
  readonly bytesSent: number;
  readonly socketWrites: number;
  readonly framesReceived: number;
  readonly bytesReceived: number;
  readonly messagesDropped: number;
  readonly connectionsRefused: number;
  readonly snapshotBytesSent: number;
  readonly snapshotBytesReceived: number;
}

/** What an offline recovery kept and what it may have lost. */
export interface RecoveryReport {
  /** The cluster that the data belongs to now. */
  readonly clusterId: string;
  readonly groupId: GroupId;
  readonly keptThrough: LogPosition;
  /** What the state machine had applied durably; the rest is applied again from the log. */
  readonly applied: LogIndex;
  /** Entries after this index were not known to be committed here and are kept as if they were. */
  readonly knownCommitted: LogIndex;
  /** The member was still getting entries back that it had lost: it may lack committed ones from before `keptThrough`. */
  readonly isIncomplete: boolean;
  readonly before: Membership;
  readonly after: Membership;
}
