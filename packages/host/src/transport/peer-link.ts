import type { HeartbeatMessage, HeartbeatOkMessage, MemberId, PeerMessage } from "@quorate/core";
import { ByteReader } from "../wire/byte-reader.ts";
import { FrameKind } from "./frame.ts";
import { type FramedConnection, unexpectedFrame } from "./framed-connection.ts";
import type { Refusal } from "./handshake.ts";
import { writeHeartbeatOks, writeHeartbeats } from "./heartbeat-codec.ts";
import { isLogMessage, writeMessage } from "./message-codec.ts";
import type { LaneHandlers } from "./outgoing-lane.ts";
import { OutgoingLane } from "./outgoing-lane.ts";
import type { GroupId, HandshakeRefused, PeerStatus } from "./transport.ts";
import type { TransportContext } from "./transport-context.ts";
import { LANE_BODY_BYTES_MAX } from "./transport-context.ts";

/** Weight of a new round-trip sample, as TCP has it. */
const ROUND_TRIP_WEIGHT = 0.125;

/** Answers on the bulk lane that belong to a snapshot transfer. */
export type SnapshotAnswer = (kind: number, body: Uint8Array) => void;

/** Everything this host sends to one peer: the lanes, their bounds, and how the peer is doing. */
export class PeerLink {
  readonly peer: MemberId;
  readonly control: OutgoingLane;
  readonly log: OutgoingLane;
  readonly bulk: OutgoingLane;
  readonly #context: TransportContext;
  #address: string;
  #roundTripMs: number | undefined;
  #dropped = 0;
  /** Cleared by the first failure, so that each outage is reported once. */
  #reachable = true;
  #connected = false;
  #logFull = false;
  #heartbeatGroups: GroupId[] = [];
  #heartbeats: HeartbeatMessage[] = [];
  #heartbeatOkGroups: GroupId[] = [];
  #heartbeatOks: HeartbeatOkMessage[] = [];
  onSnapshotAnswer: SnapshotAnswer | undefined;
  onBulkChange: (() => void) | undefined;

  constructor(context: TransportContext, peer: MemberId, address: string) {
    this.peer = peer;
    this.#context = context;
    this.#address = address;
    const handlers: LaneHandlers = {
      onOpen: () => this.#onOpen(),
      onDown: (end) => this.#onDown(end.reason, end.bad),
      onRefused: (refusal, by) => this.#onRefused(refusal, by),
      onFrame: (kind, _group, body) => this.#onAnswer(kind, body),
      onDrain: () => this.#onDrain(),
    };
    this.control = new OutgoingLane(context, peer, "control", address, handlers);
    this.log = new OutgoingLane(context, peer, "log", address, handlers);
    this.bulk = new OutgoingLane(context, peer, "bulk", address, {
      onOpen: () => this.onBulkChange?.(),
      onDown: () => this.onBulkChange?.(),
      onRefused: (refusal, by) => this.#onRefused(refusal, by),
      onFrame: (kind, _group, body) => this.#onBulkAnswer(kind, body),
      onDrain: () => this.onBulkChange?.(),
    });
  }

  get address(): string {
    return this.#address;
  }

  start(): void {
    this.control.start();
    this.log.start();
  }

  stop(): void {
    this.control.stop();
    this.log.stop();
    this.bulk.stop();
    this.onBulkChange?.();
  }

  /** The peer has just been heard: what waits to dial it need not wait. */
  wake(): void {
    this.control.wake();
    this.log.wake();
    this.bulk.wake();
  }

  moveTo(address: string): void {
    if (address === this.#address) return;
    this.#address = address;
    this.control.moveTo(address);
    this.log.moveTo(address);
    this.bulk.moveTo(address);
  }

  status(): PeerStatus {
    return {
      peer: this.peer,
      address: this.#address,
      connected: this.#connected,
      roundTripMs: this.#roundTripMs,
      queuedBytes: this.control.queuedBytes + this.log.queuedBytes + this.bulk.queuedBytes,
      droppedMessages: this.#dropped,
    };
  }

  send(group: GroupId, message: PeerMessage): "queued" | "dropped" {
    if (message.type === "heartbeat") {
      this.#heartbeatGroups.push(group);
      this.#heartbeats.push(message);
      this.#context.wantFlush();
      return this.control.open === undefined ? "dropped" : "queued";
    }
    if (message.type === "heartbeatOk") {
      this.#heartbeatOkGroups.push(group);
      this.#heartbeatOks.push(message);
      this.#context.wantFlush();
      return this.control.open === undefined ? "dropped" : "queued";
    }
    const connection = isLogMessage(message) ? this.#logConnection() : this.#controlConnection();
    if (connection === undefined) return this.#drop();
    const { writer, start } = connection.begin(FrameKind.message, group);
    writeMessage(writer, message);
    return this.#finish(connection, start);
  }

  sendHost(group: GroupId, payload: Uint8Array): "queued" | "dropped" {
    const connection = this.#logConnection();
    if (connection === undefined) return this.#drop();
    const { writer, start } = connection.begin(FrameKind.hostMessage, group);
    writer.raw(payload);
    return this.#finish(connection, start);
  }

  /** Everything gathered in this turn leaves: one write per lane. */
  flush(): void {
    if (this.#heartbeats.length > 0 || this.#heartbeatOks.length > 0) this.#writeHeartbeats();
    this.control.open?.flush();
    this.log.open?.flush();
  }

  ping(nowMs: number): void {
    this.control.ping(nowMs);
    this.log.ping(nowMs);
    this.bulk.ping(nowMs);
  }

  #writeHeartbeats(): void {
    const connection = this.#controlConnection();
    if (connection === undefined) {
      this.#dropped += this.#heartbeats.length + this.#heartbeatOks.length;
    } else {
      if (this.#heartbeats.length > 0) {
        const { writer, start } = connection.begin(FrameKind.heartbeats, 0);
        writeHeartbeats(writer, this.#heartbeatGroups, this.#heartbeats);
        connection.finish(start);
      }
      if (this.#heartbeatOks.length > 0) {
        const { writer, start } = connection.begin(FrameKind.heartbeatOks, 0);
        writeHeartbeatOks(writer, this.#heartbeatOkGroups, this.#heartbeatOks);
        connection.finish(start);
      }
    }
    this.#heartbeatGroups.length = 0;
    this.#heartbeats.length = 0;
    this.#heartbeatOkGroups.length = 0;
    this.#heartbeatOks.length = 0;
  }

  /** A frame that the peer would refuse must not leave: the connection would end, again and again. */
  #finish(connection: FramedConnection, start: number): "queued" | "dropped" {
    const { control, log } = LANE_BODY_BYTES_MAX;
    if (connection.finish(start) > (connection === this.log.open ? log : control)) {
      connection.drop(start);
      return this.#drop();
    }
    this.#context.wantFlush();
    return "queued";
  }

  #controlConnection(): FramedConnection | undefined {
    const connection = this.control.open;
    if (connection === undefined) return undefined;
    return connection.queuedBytes < this.#context.limits.controlQueueBytes ? connection : undefined;
  }

  /** A full queue counts as an outage: reported once, until it has drained. */
  #logConnection(): FramedConnection | undefined {
    const connection = this.log.open;
    if (connection === undefined) return undefined;
    if (connection.queuedBytes < this.#context.limits.logQueueBytes) return connection;
    if (!this.#logFull) {
      this.#logFull = true;
      this.#context.handler.onUnreachable(this.peer);
    }
    return undefined;
  }

  #drop(): "dropped" {
    this.#dropped += 1;
    this.#context.counters.messagesDropped += 1;
    return "dropped";
  }

  #onOpen(): void {
    if (this.control.open === undefined || this.log.open === undefined) return;
    this.#reachable = true;
    this.#logFull = false;
    this.#refusalReported = "";
    if (this.#connected) return;
    this.#connected = true;
    this.#context.handler.onEvent({ type: "connected", peer: this.peer, address: this.#address });
  }

  #onDown(reason: string, bad: boolean): void {
    if (bad) {
      this.#context.handler.onEvent({ type: "badPeerBytes", address: this.#address, reason });
    }
    if (this.#connected) {
      this.#connected = false;
      this.#context.handler.onEvent({ type: "disconnected", peer: this.peer, reason });
    }
    if (!this.#reachable) return;
    this.#reachable = false;
    this.#context.handler.onUnreachable(this.peer);
  }

  #refusalReported = "";

  /** The same refusal comes with every attempt: it is reported when it changes. */
  #onRefused({ code, reason }: Refusal, by: HandshakeRefused["by"]): void {
    if (this.#refusalReported === reason) return;
    this.#refusalReported = reason;
    this.#context.counters.connectionsRefused += 1;
    this.#context.handler.onEvent({
      type: "handshakeRefused",
      by,
      peer: this.peer,
      code,
      address: this.#address,
      reason,
    });
  }

  #onDrain(): void {
    this.#logFull = false;
  }

  #onAnswer(kind: number, body: Uint8Array): void {
    if (kind !== FrameKind.pong) throw unexpectedFrame(kind);
    const sentAtMs = new ByteReader(body).varint() / 1_000;
    const sample = Math.max(0, this.#context.environment.nowMs() - sentAtMs);
    this.#roundTripMs =
      this.#roundTripMs === undefined
        ? sample
        : this.#roundTripMs + (sample - this.#roundTripMs) * ROUND_TRIP_WEIGHT;
  }

  #onBulkAnswer(kind: number, body: Uint8Array): void {
    if (kind === FrameKind.pong) return;
    if (this.onSnapshotAnswer === undefined) throw unexpectedFrame(kind);
    this.onSnapshotAnswer(kind, body);
  }
}
