import type { MemberId } from "@quorate/core";
import type { Timer } from "../environment/environment.ts";
import { WireError } from "../wire/wire-error.ts";
import { FrameKind } from "./frame.ts";
import type { ConnectionEnd } from "./framed-connection.ts";
import { FramedConnection, unexpectedFrame } from "./framed-connection.ts";
import type { Lane, Refusal, Welcome } from "./handshake.ts";
import { PROTOCOL_VERSION, readRefusal, readWelcome, writeHello } from "./handshake.ts";
import type { GroupId, HandshakeRefused } from "./transport.ts";
import type { TransportContext } from "./transport-context.ts";
import { LANE_BODY_BYTES_MAX, PINGS_UNANSWERED_MAX } from "./transport-context.ts";

/** Connecting and handshake together; a peer that takes longer is as good as away. */
const DIAL_TIMEOUT_MS = 3_000;

/** Full-jitter back-off: a random part of a span that doubles from the first to the last of these. */
const REDIAL_MS_MIN = 50;
const REDIAL_MS_MAX = 2_000;

const NONCE_SPAN = 0x1_0000_0000;

export interface LaneHandlers {
  onOpen(): void;
  /** After `onOpen`, or instead of it when the attempt failed. */
  onDown(end: ConnectionEnd): void;
  /** The peer turned us away, or showed itself to be the wrong one. Followed by `onDown`. */
  onRefused(refusal: Refusal, by: HandshakeRefused["by"]): void;
  /** Answers that come back on this connection. */
  onFrame(kind: number, group: GroupId, body: Uint8Array): void;
  onDrain(): void;
}

type LaneState = "idle" | "dialing" | "open" | "waiting" | "stopped";

/** One connection to a peer that this host dials, keeps open and writes to. */
export class OutgoingLane {
  readonly lane: Lane;
  readonly #context: TransportContext;
  readonly #peer: MemberId;
  readonly #handlers: LaneHandlers;
  #address: string;
  #state: LaneState = "idle";
  #connection: FramedConnection | undefined;
  #timer: Timer | undefined;
  #nonce = 0;
  #failures = 0;
  #unanswered = 0;

  constructor(
    context: TransportContext,
    peer: MemberId,
    lane: Lane,
    address: string,
    handlers: LaneHandlers,
  ) {
    this.lane = lane;
    this.#context = context;
    this.#peer = peer;
    this.#address = address;
    this.#handlers = handlers;
  }

  /** The connection to write to while the lane is open. */
  get open(): FramedConnection | undefined {
    return this.#state === "open" ? this.#connection : undefined;
  }

  /** For good: it is never dialed again. */
  get isStopped(): boolean {
    return this.#state === "stopped";
  }

  get queuedBytes(): number {
    return this.#connection?.queuedBytes ?? 0;
  }

  start(): void {
    if (this.#state === "idle") this.#dial();
  }

  /** Drops the connection and dials `address` from now on. */
  moveTo(address: string): void {
    this.#address = address;
    this.#failures = 0;
    if (this.#state === "idle" || this.#state === "stopped") return;
    this.#drop();
    this.#handlers.onDown({ reason: "the peer has moved", bad: false });
    this.#dial();
  }

  /** Dials now instead of after the rest of the back-off. */
  wake(): void {
    if (this.#state !== "waiting") return;
    this.#timer?.cancel();
    this.#dial();
  }

  /** Ends the connection; `start` dials again. */
  rest(): void {
    if (this.#state === "stopped") return;
    this.#drop();
    this.#state = "idle";
  }

  stop(): void {
    this.#drop();
    this.#state = "stopped";
  }

  /** Asks the peer for a sign of life, and gives up on it after too many without an answer. */
  ping(sentAtMs: number): void {
    const connection = this.open;
    if (connection === undefined) return;
    if (connection.takeHeard()) this.#unanswered = 0;
    else this.#unanswered += 1;
    if (this.#unanswered > PINGS_UNANSWERED_MAX) {
      connection.close();
      this.#down({ reason: "the peer no longer answers", bad: false });
      return;
    }
    const { writer, start } = connection.begin(FrameKind.ping, 0);
    writer.varint(Math.floor(sentAtMs * 1_000));
    connection.finish(start);
    connection.flush();
  }

  #dial(): void {
    this.#state = "dialing";
    this.#nonce = Math.floor(this.#context.environment.random() * NONCE_SPAN);
    this.#timer = this.#context.environment.setTimer(DIAL_TIMEOUT_MS, () => {
      this.#connection?.close();
      this.#down({ reason: "no answer to the handshake", bad: false });
    });
    const connection = new FramedConnection(
      this.#context.environment.network.connect(this.#address),
      this.#context.environment.checksum,
      this.#context.counters,
      {
        onConnect: () => this.#sayHello(connection),
        onFrame: (kind, group, body) => this.#onFrame(connection, kind, group, body),
        onDrain: () => this.#handlers.onDrain(),
        onEnd: (end) => {
          if (this.#connection === connection) this.#down(end);
        },
      },
    );
    this.#connection = connection;
  }

  #sayHello(connection: FramedConnection): void {
    const { writer, start } = connection.begin(FrameKind.hello, 0);
    writeHello(writer, this.#context.hello(this.#peer, this.lane, this.#nonce));
    connection.finish(start);
    connection.flush();
  }

  #onFrame(connection: FramedConnection, kind: number, group: GroupId, body: Uint8Array): void {
    if (this.#connection !== connection) return;
    if (this.#state === "open") {
      this.#handlers.onFrame(kind, group, body);
      return;
    }
    if (kind === FrameKind.refusal) {
      this.#refused(readRefusal(body), "peer");
      return;
    }
    if (kind !== FrameKind.welcome) throw unexpectedFrame(kind);
    this.#onWelcome(connection, readWelcome(body));
  }

  #onWelcome(connection: FramedConnection, welcome: Welcome): void {
    if (welcome.nonce !== this.#nonce) {
      throw new WireError("unexpected", "a welcome to somebody else");
    }
    if (welcome.version > PROTOCOL_VERSION || welcome.host !== this.#peer) {
      this.#refused({ code: "wrongHost", reason: `host ${welcome.host} answered` }, "self");
      return;
    }
    const { host, dataId, incarnation } = welcome;
    this.#context.admit(host, dataId, incarnation, (refusal) => {
      if (this.#connection !== connection || this.#state !== "dialing") return;
      if (refusal === undefined) this.#opened(connection);
      else this.#refused(refusal, "self");
    });
  }

  #opened(connection: FramedConnection): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#state = "open";
    this.#failures = 0;
    this.#unanswered = 0;
    connection.allowBodyBytes(LANE_BODY_BYTES_MAX[this.lane]);
    this.#handlers.onOpen();
  }

  #refused(refusal: Refusal, by: HandshakeRefused["by"]): void {
    this.#connection?.close();
    this.#handlers.onRefused(refusal, by);
    this.#down({ reason: `refused: ${refusal.reason}`, bad: false });
  }

  #down(end: ConnectionEnd): void {
    if (this.#state === "stopped" || this.#state === "idle") return;
    this.#drop();
    this.#state = "waiting";
    const span = Math.min(REDIAL_MS_MAX, REDIAL_MS_MIN * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    this.#timer = this.#context.environment.setTimer(
      span * this.#context.environment.random(),
      () => this.#dial(),
    );
    this.#handlers.onDown(end);
  }

  #drop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#connection?.close();
    this.#connection = undefined;
  }
}
