import type { MemberId } from "@quorate/core";
import type { Connection, Timer } from "../environment/environment.ts";
import { ByteReader } from "../wire/byte-reader.ts";
import { FrameKind } from "./frame.ts";
import { FramedConnection, unexpectedFrame } from "./framed-connection.ts";
import type { Hello, Lane, Refusal } from "./handshake.ts";
import {
  PROTOCOL_VERSION,
  PROTOCOL_VERSION_MIN,
  readHello,
  writeRefusal,
  writeWelcome,
} from "./handshake.ts";
import { readHeartbeatOks, readHeartbeats } from "./heartbeat-codec.ts";
import { readMessage } from "./message-codec.ts";
import { SnapshotInbox } from "./snapshot-inbox.ts";
import type { GroupId } from "./transport.ts";
import type { TransportContext } from "./transport-context.ts";
import { LANE_BODY_BYTES_MAX, PINGS_UNANSWERED_MAX } from "./transport-context.ts";

/** A stranger that says nothing for so long is turned away. */
const HANDSHAKE_TIMEOUT_MS = 3_000;

/** A peer that pings without reading gets no more answers. */
const PONG_QUEUE_BYTES = 64 * 1024;

/** A refused host gets so long to read why. */
const REFUSAL_LINGER_MS = 1_000;

export interface IncomingHandlers {
  /** Everything about the handshake that needs the transport as a whole. */
  check(hello: Hello, remoteNames: readonly string[]): Refusal | undefined;
  /** The host behind this connection is known now. */
  onIdentified(connection: IncomingConnection, hello: Hello): void;
  onRefused(remoteAddress: string, host: MemberId, refusal: Refusal): void;
  onEnd(connection: IncomingConnection, reason: string, bad: boolean): void;
}

/** A connection that another host dialed: it sends, this side only answers. */
export class IncomingConnection {
  readonly #context: TransportContext;
  readonly #handlers: IncomingHandlers;
  readonly #framed: FramedConnection;
  readonly #inbox: SnapshotInbox;
  #timer: Timer | undefined;
  #host: MemberId = 0;
  #lane: Lane | undefined;
  #greeted = false;
  #silentFor = 0;

  constructor(context: TransportContext, connection: Connection, handlers: IncomingHandlers) {
    this.#context = context;
    this.#handlers = handlers;
    this.#framed = new FramedConnection(
      connection,
      context.environment.checksum,
      context.counters,
      {
        onConnect: () => undefined,
        onFrame: (kind, group, body, owned) => this.#onFrame(kind, group, body, owned),
        onDrain: () => undefined,
        onEnd: (end) => this.#ended(end.reason, end.bad),
      },
    );
    this.#inbox = new SnapshotInbox(context, this.#framed);
    this.#timer = context.environment.setTimer(HANDSHAKE_TIMEOUT_MS, () => {
      this.#framed.close();
      this.#ended("no handshake in time", true);
    });
  }

  /** The peer behind it; 0 before the handshake. */
  get host(): MemberId {
    return this.#host;
  }

  get lane(): Lane | undefined {
    return this.#lane;
  }

  get remoteAddress(): string {
    return this.#framed.remoteAddress;
  }

  /** Called at every ping interval: a dialer that works pings at least as often. */
  checkSilence(): void {
    if (this.#lane === undefined) return;
    this.#silentFor = this.#framed.takeHeard() ? 0 : this.#silentFor + 1;
    if (this.#silentFor <= PINGS_UNANSWERED_MAX) return;
    this.#framed.close();
    this.#ended("the peer fell silent", false);
  }

  /** Ends it without a word to the handlers. */
  close(): void {
    this.#timer?.cancel();
    this.#framed.close();
    this.#inbox.end();
  }

  #onFrame(kind: number, group: GroupId, body: Uint8Array, owned: boolean): void {
    if (this.#lane === undefined) {
      this.#onHello(kind, body);
      return;
    }
    switch (kind) {
      case FrameKind.message: {
        const kept = owned ? body : body.slice();
        const reader = new ByteReader(kept);
        const message = readMessage(reader, this.#host, this.#context.self);
        reader.end();
        this.#context.handler.onMessage(group, message);
        return;
      }
      case FrameKind.hostMessage:
        this.#context.handler.onHostMessage(group, this.#host, owned ? body : body.slice());
        return;
      case FrameKind.heartbeats:
        readHeartbeats(body, this.#host, this.#context.self, this.#onMessage);
        return;
      case FrameKind.heartbeatOks:
        readHeartbeatOks(body, this.#host, this.#context.self, this.#onMessage);
        return;
      case FrameKind.ping:
        this.#pong(body);
        return;
      default:
        if (this.#lane !== "bulk") throw unexpectedFrame(kind);
        this.#inbox.onFrame(this.#host, kind, group, body, owned);
    }
  }

  readonly #onMessage = (
    group: GroupId,
    message: Parameters<TransportContext["handler"]["onMessage"]>[1],
  ): void => this.#context.handler.onMessage(group, message);

  /** The ping's body comes back as it was: only the dialer reads it. */
  #pong(body: Uint8Array): void {
    if (this.#framed.queuedBytes > PONG_QUEUE_BYTES) return;
    const { writer, start } = this.#framed.begin(FrameKind.pong, 0);
    writer.raw(body);
    this.#framed.finish(start);
    this.#framed.flush();
  }

  #onHello(kind: number, body: Uint8Array): void {
    if (kind !== FrameKind.hello || this.#greeted) throw unexpectedFrame(kind);
    this.#greeted = true;
    const hello = readHello(body);
    if (hello.versionMin > PROTOCOL_VERSION || hello.version < PROTOCOL_VERSION_MIN) {
      this.#refuse(hello.host, {
        code: "unsupportedVersion",
        reason: `versions ${hello.versionMin} to ${hello.version} meet ${PROTOCOL_VERSION_MIN} to ${PROTOCOL_VERSION}`,
      });
      return;
    }
    const refusal = this.#handlers.check(hello, this.#framed.remoteNames);
    if (refusal !== undefined) {
      this.#refuse(hello.host, refusal);
      return;
    }
    this.#context.admit(hello.host, hello.dataId, hello.incarnation, (refused) => {
      if (this.#framed.closed) return;
      if (refused === undefined) this.#welcome(hello);
      else this.#refuse(hello.host, refused);
    });
  }

  #welcome(hello: Hello): void {
    this.#timer?.cancel();
    this.#host = hello.host;
    this.#lane = hello.lane;
    this.#framed.allowBodyBytes(LANE_BODY_BYTES_MAX[hello.lane]);
    const own = this.#context.hello(hello.host, hello.lane, hello.nonce);
    const { writer, start } = this.#framed.begin(FrameKind.welcome, 0);
    writeWelcome(writer, {
      version: Math.min(PROTOCOL_VERSION, hello.version),
      host: own.host,
      dataId: own.dataId,
      incarnation: own.incarnation,
      features: own.features,
      nonce: hello.nonce,
    });
    this.#framed.finish(start);
    this.#framed.flush();
    this.#handlers.onIdentified(this, hello);
  }

  #refuse(host: MemberId, refusal: Refusal): void {
    this.#timer?.cancel();
    const { writer, start } = this.#framed.begin(FrameKind.refusal, 0);
    writeRefusal(writer, refusal);
    this.#framed.finish(start);
    this.#framed.end();
    this.#context.environment.setTimer(REFUSAL_LINGER_MS, () => this.#framed.close());
    this.#context.counters.connectionsRefused += 1;
    this.#handlers.onRefused(this.#framed.remoteAddress, host, refusal);
    this.#handlers.onEnd(this, refusal.reason, false);
  }

  #ended(reason: string, bad: boolean): void {
    this.#timer?.cancel();
    this.#inbox.end();
    if (bad) this.#context.counters.connectionsRefused += 1;
    this.#handlers.onEnd(this, reason, bad);
  }
}
