import type { Http2Connection } from "./connection.ts";
import { NO_QUEUE, type SendQueue } from "./send-queue.ts";

/** Why a stream ended before its time. */
export type AbortReason = "reset" | "protocolError" | "connectionLost";

/**
 * One stream of a connection, opened by the client. What is done with its data is up to the
 * subclass; the fields here belong to the connection and its scheduler, which alone write them.
 *
 * ```
 *              END_STREAM in          END_STREAM out
 *   open ────► half closed (remote) ────► closed
 *     └──────────── END_STREAM out, then RST_STREAM(NO_ERROR) ──► closed
 *     └──────────── RST_STREAM either way, connection lost ─────► closed
 * ```
 */
export abstract class Http2Stream {
  readonly connection: Http2Connection;
  readonly id: number;
  /** When it was opened, by the connection's clock. */
  readonly openedAtMs: number;

  /** Bytes the client takes on this stream; below zero after it shrank its windows. */
  sendWindowBytes: number;
  /** Bytes the client may still send on this stream. */
  receiveWindowBytes: number;
  /** Unsent bytes. */
  sendQueue: SendQueue = NO_QUEUE;
  isReady = false;
  readyBefore: Http2Stream | undefined = undefined;
  readyAfter: Http2Stream | undefined = undefined;
  /** The client has sent END_STREAM. */
  isRemoteClosed = false;
  /** Nothing more happens on this stream. */
  isClosed = false;

  constructor(connection: Http2Connection, id: number) {
    this.connection = connection;
    this.id = id;
    this.openedAtMs = connection.nowMs;
    this.sendWindowBytes = connection.initialSendWindowBytes;
    this.receiveWindowBytes = connection.limits.streamWindowBytes;
  }

  /** The stream is in the connection's table; before this nothing may be sent on it. */
  abstract onOpened(): void;

  /**
   * Data has come, without padding; with `endStream` it is the last (and may be empty). The bytes
   * are never written again. Once they are dealt with, `connection.replenish` lets
   * the client send more.
   */
  abstract onData(bytes: Buffer, start: number, end: number, endStream: boolean): void;

  /** The stream was ended by the client or with the connection. Nothing can be sent any more. */
  abstract onAborted(reason: AbortReason): void;

  /** The connection is about to close: the last chance to say why. */
  abstract onServerClosing(): void;

  /** Everything queued has been put into frames. */
  abstract onSendQueueEmpty(): void;
}
