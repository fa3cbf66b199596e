import type { CoreOptions } from "@quorate/core";
import type { GroupId } from "../transport/transport.ts";
import type { Codec, StateMachine } from "./state-machine.ts";

/** What a group is made of on this host. The same on every member, except for the limits that do not say so. */
export interface GroupSpec<C, R, Q, A> {
  /** From 1. */
  readonly groupId: GroupId;
  readonly machine: StateMachine<C, R, Q, A>;
  readonly commands: Codec<C>;
  /** Needed for `openSession`: the results of unacknowledged session commands are part of the replicated state. */
  readonly results?: Codec<R> | undefined;
  readonly snapshotPolicy?: Partial<SnapshotPolicy> | undefined;
  readonly limits?: Partial<GroupLimits> | undefined;
  /** Settings of the core that differ from the host's. */
  readonly core?: GroupCoreSettings | undefined;
}

/** The core's settings that an application may choose per group. */
export type GroupCoreSettings = Partial<
  Pick<
    CoreOptions,
    | "electionTicks"
    | "heartbeatTicks"
    | "preVote"
    | "checkQuorum"
    | "readMode"
    | "appendBytesMax"
    | "inflightMessagesMax"
    | "inflightBytesMax"
    | "uncommittedBytesMax"
    | "applyBytesMax"
    | "priority"
  >
>;

/** When a snapshot is made: at whichever limit is reached first. */
export interface SnapshotPolicy {
  /** Entries applied since the last snapshot. Default 100 000. */
  readonly entriesMax: number;
  /** Payload bytes applied since the last snapshot. Default 256 MiB. */
  readonly bytesMax: number;
  /** Entries kept behind a snapshot, so that a member that lags a little needs no snapshot. Default 10 000. */
  readonly keepEntries: number;
}

/** Bounds of one replica; every refusal beyond them is OVERLOADED or TOO_LARGE with outcome `notApplied`. */
export interface GroupLimits {
  /** One encoded command. Default 1.5 MiB. */
  readonly commandBytesMax: number;
  /** Proposals waiting for their result on this member. Default 65 536. */
  readonly pendingProposalsMax: number;
  /** Their encoded bytes. Default 64 MiB. */
  readonly pendingProposalBytesMax: number;
  /** Reads waiting on this member. Default 65 536. */
  readonly pendingReadsMax: number;
  /** For calls that name no `timeoutMs`. Default 5 000. */
  readonly requestTimeoutMs: number;
  /** A write to the log that takes longer is a hung disk: the member gives up leadership. Default 2 000. */
  readonly diskStallMs: number;
  /** User sessions the group keeps; the least recently used one expires. The same on every member. Default 4 096. */
  readonly userSessionsMax: number;
  /** Bytes of results kept for user sessions. The same on every member. Default 16 MiB. */
  readonly userSessionBytesMax: number;
}
