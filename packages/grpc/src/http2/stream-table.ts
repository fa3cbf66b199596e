import { ConnectionError, ErrorCode } from "./protocol.ts";
import { RecentResets } from "./recent-resets.ts";
import type { Http2Stream } from "./stream.ts";

/** Which streams of a connection exist, did exist, or may yet (RFC 9113 §5.1). */
export class StreamTable {
  readonly #open: Map<number, Http2Stream> = new Map();
  readonly #recentResets: RecentResets = new RecentResets();
  #lastId = 0;

  get size(): number {
    return this.#open.size;
  }

  /** The highest stream the client has opened; 0 before the first. */
  get lastId(): number {
    return this.#lastId;
  }

  values(): IterableIterator<Http2Stream> {
    return this.#open.values();
  }

  /**
   * The open stream, or undefined for one that is closed.
   * @throws ConnectionError for a stream that the client has not opened yet, or cannot open at all.
   */
  get(streamId: number): Http2Stream | undefined {
    const stream = this.#open.get(streamId);
    if (stream === undefined && (streamId > this.#lastId || (streamId & 1) === 0)) {
      throw new ConnectionError(ErrorCode.protocolError, "frame on an idle stream");
    }
    return stream;
  }

  /** The open stream, or undefined when the number is free to be opened or its stream is closed. */
  find(streamId: number): Http2Stream | undefined {
    return this.#open.get(streamId);
  }

  /**
   * Takes a number that the client opens: odd and above all before it (§5.1.1). Returns false for a
   * stream that we reset a moment ago.
   * @throws ConnectionError when the number is not the client's to open.
   */
  claim(streamId: number): boolean {
    if ((streamId & 1) === 0) {
      throw new ConnectionError(ErrorCode.protocolError, "HEADERS on an even stream");
    }
    if (streamId > this.#lastId) {
      this.#lastId = streamId;
      return true;
    }
    if (this.#recentResets.has(streamId)) return false;
    throw new ConnectionError(ErrorCode.streamClosed, "HEADERS on a closed stream");
  }

  add(stream: Http2Stream): void {
    this.#open.set(stream.id, stream);
  }

  remove(stream: Http2Stream): void {
    this.#open.delete(stream.id);
  }

  rememberReset(streamId: number): void {
    this.#recentResets.add(streamId);
  }

  wasResetRecently(streamId: number): boolean {
    return this.#recentResets.has(streamId);
  }

  clear(): void {
    this.#open.clear();
  }
}
