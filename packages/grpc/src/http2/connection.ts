import { HpackDecoder } from "../hpack/hpack-decoder.ts";
import { DEFAULT_TABLE_BYTES, HpackEncoder } from "../hpack/hpack-encoder.ts";
import { ConnectionOutput } from "./connection-output.ts";
import type { ConnectionSocket } from "./connection-socket.ts";
import { Drain } from "./drain.ts";
import type { Http2Environment } from "./environment.ts";
import { FloodGuard } from "./flood-guard.ts";
import { FrameDispatcher } from "./frame-dispatcher.ts";
import { FrameReader } from "./frame-reader.ts";
import { HeaderBlockReader } from "./header-block.ts";
import { IdleWatch, PingJudge } from "./keepalive.ts";
import type { Http2Limits } from "./limits.ts";
import { ConnectionError, DEFAULT_WINDOW_BYTES, ErrorCode, Setting } from "./protocol.ts";
import { ReceiveBudget } from "./receive-budget.ts";
import type { AbortReason, Http2Stream } from "./stream.ts";
import { StreamTable } from "./stream-table.ts";

const KEEPALIVE_PAYLOAD = Uint8Array.of(0x61, 0x6c, 0x69, 0x76, 0x65, 0, 0, 0);

/**
 * The server's side of one HTTP/2 connection, from after the client's preface (RFC 9113).
 *
 * Whoever owns the socket passes what it receives to `receive`, and tells of its drain and close.
 * Input never throws out of here: a connection that breaks the protocol or a limit gets GOAWAY.
 */
export class Http2Connection {
  readonly socket: ConnectionSocket;
  readonly environment: Http2Environment;
  readonly limits: Http2Limits;
  readonly output: ConnectionOutput;
  readonly encoder: HpackEncoder;
  readonly streams: StreamTable = new StreamTable();
  readonly guard: FloodGuard;
  readonly received: ReceiveBudget;
  /** The clock as of the last bytes received: exact enough for ages, and read once per chunk. */
  nowMs: number;
  /** The window that new streams get from the client. */
  initialSendWindowBytes: number = DEFAULT_WINDOW_BYTES;
  /** Handlers at work, also for calls whose stream is gone. */
  runningHandlers = 0;

  readonly #reader: FrameReader = new FrameReader();
  readonly #dispatcher: FrameDispatcher;
  readonly #pingJudge: PingJudge;
  readonly #idle: IdleWatch;
  readonly #drain: Drain = new Drain();
  /** When the unfinished frame or header block began; negative without one. */
  #unfinishedSinceMs = -1;
  #closeByMs = Number.POSITIVE_INFINITY;
  #isOver = false;

  constructor(socket: ConnectionSocket, environment: Http2Environment) {
    const { limits } = environment;
    this.socket = socket;
    this.environment = environment;
    this.limits = limits;
    this.nowMs = environment.nowMs();
    this.guard = new FloodGuard(limits, environment.nowMs);
    this.#pingJudge = new PingJudge(environment.keepalive);
    this.#idle = new IdleWatch(environment.keepalive, this.nowMs);
    this.output = new ConnectionOutput(socket, environment, () => {
      this.#pingJudge.forgive();
      this.guard.dataSent();
    });
    this.received = new ReceiveBudget(this.output.frames, limits);
    this.encoder = new HpackEncoder(environment.constants);
    const decoder = new HpackDecoder({
      maxTableBytes: DEFAULT_TABLE_BYTES,
      maxListBytes: limits.maxHeaderListBytes,
      classify: environment.classify,
    });
    this.#dispatcher = new FrameDispatcher(this, new HeaderBlockReader(decoder, limits));
    this.#introduce();
  }

  /** The connection has failed, is closed, or will be once its output has left. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Bytes from the socket. The chunk must not be written afterwards. */
  receive(chunk: Buffer): void {
    if (this.#isOver) return;
    this.nowMs = this.environment.nowMs();
    this.#idle.received(this.nowMs);
    const framesBefore = this.#dispatcher.frameCount;
    try {
      this.#reader.push(chunk, this.#dispatcher);
    } catch (error) {
      this.#failWith(error);
    }
    this.#noteUnfinished(this.#dispatcher.frameCount > framesBefore);
    this.output.wake();
  }

  /** The client has closed its side: it takes back every call, and will not read much longer. */
  remoteEnded(): void {
    if (!this.#isOver) this.#closeSoon();
  }

  /** The socket is gone; calls end. */
  socketClosed(): void {
    this.output.abandon();
    this.#isOver = true;
    this.#abortStreams();
  }

  /** Looks after what has no event of its own: silence, stalls, time-outs. Called about once a second. */
  tick(nowMs: number): void {
    if (nowMs >= this.#closeByMs) this.socket.destroy();
    if (this.#isOver) return;
    const { timeouts } = this.environment;
    const idle = this.#idle.check(nowMs);
    if (idle === "dead" || this.output.stalledMs(nowMs) > timeouts.writeStallMs) {
      this.socket.destroy();
      return;
    }
    if (this.#unfinishedSinceMs >= 0 && nowMs - this.#unfinishedSinceMs > timeouts.frameMs) {
      this.fail(new ConnectionError(ErrorCode.enhanceYourCalm, "frame not finished in time"));
      return;
    }
    if (idle === "ping") {
      this.output.frames.ping(KEEPALIVE_PAYLOAD, 0, false);
      this.output.wake();
    }
    if (this.#drain.isOverdue(nowMs)) this.#finalizeDrain();
  }

  /** Announces the end: no new calls after a round trip, and the socket closes after the last one. */
  drain(): void {
    if (this.#isOver || !this.#drain.announce(this.output.frames, this.environment.nowMs())) return;
    this.output.wake();
  }

  /** Ends every call with UNAVAILABLE, sends what can be sent, and closes. */
  shutDown(): void {
    if (this.#isOver) return;
    for (const stream of this.streams.values()) stream.onServerClosing();
    this.fail(new ConnectionError(ErrorCode.noError, "server is shutting down"));
  }

  /** Ends the connection with GOAWAY, and its calls with it. */
  fail(error: ConnectionError): void {
    if (this.#isOver) return;
    const lastStreamId = this.#drain.lastAccepted(this.streams.lastId);
    this.output.frames.goaway(lastStreamId, error.code, error.message);
    this.#closeSoon();
  }

  /**
   * Whether one more stream may be opened. Handlers that go on working for calls that are gone count
   * too; when the limit is used up with their help they may never end: the client is sent to a new connection.
   */
  hasRoomForStream(): boolean {
    const { maxConcurrentStreams } = this.limits;
    if (this.streams.size >= maxConcurrentStreams) return false;
    if (this.runningHandlers < maxConcurrentStreams) return true;
    this.drain();
    return false;
  }

  /** A PING that is not an answer to ours. */
  pinged(bytes: Buffer, start: number): void {
    this.guard.ping();
    const isProbe = this.#pingJudge.expectsProbe;
    if (!this.#pingJudge.accepts(this.nowMs, this.streams.size > 0)) {
      throw new ConnectionError(ErrorCode.enhanceYourCalm, "too_many_pings");
    }
    this.output.answerPing(bytes, start, isProbe);
  }

  ponged(bytes: Buffer, start: number): void {
    if (this.#drain.isAnsweredBy(bytes, start)) this.#finalizeDrain();
  }

  /** Whether a stream came after the last one that the final GOAWAY named: it does not exist for us. */
  refuses(streamId: number): boolean {
    return this.#drain.refuses(streamId);
  }

  /** Resets a stream for the client's mistake, which counts against its budget. */
  resetForMistake(streamId: number, code: ErrorCode): void {
    const stream = this.streams.find(streamId);
    const ageMs = stream === undefined ? 0 : this.nowMs - stream.openedAtMs;
    this.resetStream(streamId, code);
    stream?.onAborted("protocolError");
    this.guard.reset(ageMs);
  }

  /** Resets a stream. The stream itself knows, and is not told. */
  resetStream(streamId: number, code: ErrorCode): void {
    this.output.frames.rstStream(streamId, code);
    this.streams.rememberReset(streamId);
    const stream = this.streams.find(streamId);
    if (stream !== undefined) this.forget(stream);
    this.output.wake();
  }

  /** The client reset the stream. */
  streamWasReset(stream: Http2Stream): void {
    this.forget(stream);
    stream.onAborted("reset");
    this.guard.reset(this.nowMs - stream.openedAtMs);
  }

  /** END_STREAM of the answer is written: the stream is over, whether the client is done or not. */
  finished(stream: Http2Stream): void {
    if (stream.isRemoteClosed) this.forget(stream);
    else this.resetStream(stream.id, ErrorCode.noError);
    this.#pingJudge.forgive();
    this.output.wakeForAnswer();
  }

  /** Both sides are done with the stream. */
  forget(stream: Http2Stream): void {
    stream.isClosed = true;
    this.output.scheduler.remove(stream);
    this.streams.remove(stream);
    this.#endIfDrained();
  }

  /** Lets the client send more on a stream whose data was dealt with, in batches of half a window. */
  replenish(stream: Http2Stream): void {
    const fullBytes = this.limits.streamWindowBytes;
    if (stream.receiveWindowBytes * 2 > fullBytes) return;
    if (stream.isRemoteClosed || stream.isClosed) return;
    this.output.frames.windowUpdate(stream.id, fullBytes - stream.receiveWindowBytes);
    stream.receiveWindowBytes = fullBytes;
    this.output.wake();
  }

  /** Headers of ours are on their way: a ping may follow that only measures the round trip. */
  headersSent(): void {
    this.#pingJudge.forgive();
    this.output.wake();
  }

  #introduce(): void {
    this.output.frames.settings([
      [Setting.maxConcurrentStreams, this.limits.maxConcurrentStreams],
      [Setting.initialWindowSize, this.limits.streamWindowBytes],
      [Setting.maxHeaderListSize, this.limits.maxHeaderListBytes],
    ]);
    this.received.announce();
    this.output.wake();
  }

  #failWith(error: unknown): void {
    if (error instanceof ConnectionError) {
      this.fail(error);
      return;
    }
    this.environment.onDefect("http2 connection", error);
    this.fail(new ConnectionError(ErrorCode.internalError, "internal error"));
  }

  #noteUnfinished(anyCompleted: boolean): void {
    if (this.#dispatcher.isInsideHeaderBlock) {
      if (this.#unfinishedSinceMs < 0) this.#unfinishedSinceMs = this.nowMs;
    } else if (!this.#reader.isInsideFrame) {
      this.#unfinishedSinceMs = -1;
    } else if (anyCompleted || this.#unfinishedSinceMs < 0) {
      this.#unfinishedSinceMs = this.nowMs;
    }
  }

  #finalizeDrain(): void {
    this.#drain.finalize(this.output.frames, this.streams.lastId);
    this.output.wake();
    this.#endIfDrained();
  }

  #endIfDrained(): void {
    if (this.#drain.isFinal && this.streams.size === 0 && !this.#isOver) this.#closeSoon();
  }

  /** Nothing is taken in any more; what is written still leaves, if the client takes it in time. */
  #closeSoon(): void {
    this.#isOver = true;
    this.#closeByMs = this.environment.nowMs() + this.environment.timeouts.closeMs;
    this.#abortStreams();
    this.output.endWhenSent();
  }

  #abortStreams(): void {
    const streams = [...this.streams.values()];
    this.streams.clear();
    for (const stream of streams) {
      stream.isClosed = true;
      this.output.scheduler.remove(stream);
    }
    const reason: AbortReason = "connectionLost";
    for (const stream of streams) stream.onAborted(reason);
  }
}
