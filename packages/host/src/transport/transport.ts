import type { MemberId, PeerMessage, SnapshotInfo, Term } from "@quorate/core";
import type { RefusalCode } from "./handshake.ts";

/** Number of a group within the cluster; several groups share the connections between two hosts. */
export type GroupId = number;

/**
 * Moves messages between hosts. Peers are hosts: a member of a group is the host with the same number. `send` never
 * blocks and never throws; a message that does not fit is dropped, which the core treats as loss.
 */
export interface Transport {
  start(handler: TransportHandler): Promise<void>;
  setPeer(peer: MemberId, address: string): void;
  removePeer(peer: MemberId): void;
  send(group: GroupId, message: PeerMessage): "queued" | "dropped";
  /** Messages of the host itself (forwarded commands and their refusals), opaque to the transport. */
  sendHost(group: GroupId, peer: MemberId, payload: Uint8Array): "queued" | "dropped";
  /**
   * Streams a snapshot; resolves when the receiver has installed it, rejects when it did not get through. `term` is
   * the sending leader's.
   */
  sendSnapshot(
    group: GroupId,
    peer: MemberId,
    info: SnapshotInfo,
    source: SnapshotReader,
    signal: AbortSignalLike,
    term: Term,
  ): Promise<void>;
  peers(): readonly PeerStatus[];
  stop(): Promise<void>;
}

/** Reads a snapshot from any byte on, so that a broken transfer goes on where it ended. */
export interface SnapshotReader {
  read(fromByte: number): AsyncIterable<Uint8Array>;
}

/** The part of `AbortSignal` that is needed; the platform's own fits. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Whoever takes what peers send. A handler never throws. */
export interface TransportHandler {
  onMessage(group: GroupId, message: PeerMessage): void;
  onHostMessage(group: GroupId, from: MemberId, payload: Uint8Array): void;
  /** Takes the offered snapshot over; resolves once it is durable (resumable where it broke off). */
  onSnapshot(
    group: GroupId,
    from: MemberId,
    info: SnapshotInfo,
    term: Term,
  ): Promise<SnapshotReceiver | "refused">;
  onUnreachable(peer: MemberId): void;
  onEvent(event: TransportEvent): void;
}

/** Takes in a snapshot. `haveBytes` are there from before; the next chunk begins after them. */
export interface SnapshotReceiver {
  /** Content bytes that are durable already: the sender goes on from here. */
  readonly haveBytes: number;
  write(chunk: Uint8Array): Promise<void>;
  /** All bytes have come; resolves when the snapshot is checked, durable and handed to the core. */
  finish(): Promise<void>;
  abort(): Promise<void>;
}

/** How a peer is doing, for people and metrics. */
export interface PeerStatus {
  readonly peer: MemberId;
  readonly address: string;
  readonly connected: boolean;
  /** Smoothed round trip in milliseconds, undefined before the first measurement. */
  readonly roundTripMs: number | undefined;
  readonly queuedBytes: number;
  readonly droppedMessages: number;
}

/** Two hosts could not agree to talk; told again when the reason changes, or after they have talked in between. */
export interface HandshakeRefused {
  readonly type: "handshakeRefused";
  /** Who said no: the peer to this host, or this host to the peer. */
  readonly by: "peer" | "self";
  /** The peer that was dialed, or whom the dialing one said it was. */
  readonly peer: MemberId;
  readonly code: RefusalCode;
  readonly address: string;
  readonly reason: string;
}

/** Something about connections to peers that is worth knowing. */
export type TransportEvent =
  | { readonly type: "connected"; readonly peer: MemberId; readonly address: string }
  | { readonly type: "disconnected"; readonly peer: MemberId; readonly reason: string }
  | HandshakeRefused
  | { readonly type: "badPeerBytes"; readonly address: string; readonly reason: string };
