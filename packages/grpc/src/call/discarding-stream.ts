import type { Http2Connection } from "../http2/connection.ts";
import { ErrorCode } from "../http2/protocol.ts";
import { Http2Stream } from "../http2/stream.ts";
import type { DeadlineEntry, DeadlineWheel } from "./deadline-wheel.ts";

/**
 * How long the client of a refused request may take to finish it: most requests end with the next
 * frame, and need no RST_STREAM then.
 */
const LINGER_MS = 1000;

/**
 * A request that nobody handles: swallows the rest of it, up to a window, and tells a client that goes
 * on for too long that nobody listens.
 */
export class DiscardingStream extends Http2Stream implements DeadlineEntry {
  readonly deadlineAtMs: number;
  deadlineBefore: DeadlineEntry | undefined = undefined;
  deadlineAfter: DeadlineEntry | undefined = undefined;
  deadlineSlot = -1;
  readonly #deadlines: DeadlineWheel;
  readonly #answer: (() => void) | undefined;

  /** `answer` writes what is to be said once the request is over, where that was not said before. */
  constructor(
    connection: Http2Connection,
    streamId: number,
    deadlines: DeadlineWheel,
    answer?: () => void,
  ) {
    super(connection, streamId);
    this.#answer = answer;
    this.deadlineAtMs = this.openedAtMs + LINGER_MS;
    this.#deadlines = deadlines;
    deadlines.add(this);
  }

  onOpened(): void {}

  onData(_bytes: Buffer, _start: number, _end: number, endStream: boolean): void {
    if (endStream) this.#finish();
  }

  onDeadline(): void {
    this.#finish();
  }

  onServerClosing(): void {
    this.#finish();
  }

  onAborted(): void {
    this.#deadlines.remove(this);
  }

  onSendQueueEmpty(): void {}

  #finish(): void {
    this.#deadlines.remove(this);
    this.#answer?.();
    if (this.isRemoteClosed) this.connection.forget(this);
    else this.connection.resetStream(this.id, ErrorCode.noError);
  }
}
