import type { Checksum, Connection, NetworkError } from "../environment/environment.ts";
import { ByteWriter } from "../wire/byte-writer.ts";
import { WireError } from "../wire/wire-error.ts";
import { beginFrame, endFrame, FRAME_HEADER_BYTES, FrameReader } from "./frame.ts";
import { HANDSHAKE_BYTES_MAX, STREAM_MAGIC } from "./handshake.ts";
import type { GroupId } from "./transport.ts";
import type { TransportCounters } from "./transport-counters.ts";

/** Why a connection ended. `bad`: the other side sent bytes that are not ours. */
export interface ConnectionEnd {
  readonly reason: string;
  readonly bad: boolean;
}

export interface FramedHandlers {
  /** The stream can carry bytes. */
  onConnect(): void;
  /** See `FrameSink`; may throw `WireError`, which ends the connection. */
  onFrame(kind: number, group: GroupId, body: Uint8Array, owned: boolean): void;
  onDrain(): void;
  /** Exactly once, unless `close` was called. */
  onEnd(end: ConnectionEnd): void;
}

/** A byte stream that begins with the magic and carries frames in both directions. */
export class FramedConnection {
  readonly remoteAddress: string;
  readonly #connection: Connection;
  readonly #checksum: Checksum;
  readonly #counters: TransportCounters;
  readonly #handlers: FramedHandlers;
  readonly #reader: FrameReader;
  readonly #writer: ByteWriter = new ByteWriter();
  #magicSeen = 0;
  #magicSent = false;
  #closed = false;
  /** Bytes came since the last `takeHeard`. */
  #heard = false;

  constructor(
    connection: Connection,
    checksum: Checksum,
    counters: TransportCounters,
    handlers: FramedHandlers,
  ) {
    this.remoteAddress = connection.remoteAddress;
    this.#connection = connection;
    this.#checksum = checksum;
    this.#counters = counters;
    this.#handlers = handlers;
    this.#reader = new FrameReader(checksum, HANDSHAKE_BYTES_MAX);
    connection.handle({
      onConnect: () => {
        if (!this.#closed) handlers.onConnect();
      },
      onData: (bytes) => this.#onData(bytes),
      onDrain: () => {
        if (!this.#closed) handlers.onDrain();
      },
      onClose: (error) => this.#onClose(error),
    });
  }

  get remoteNames(): readonly string[] {
    return this.#connection.remoteNames;
  }

  /** Bytes that were written here and have not left. */
  get queuedBytes(): number {
    return this.#writer.length + this.#connection.bufferedBytes;
  }

  /** Whether anything waits for `flush`. */
  get hasUnflushed(): boolean {
    return this.#writer.length > 0;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The handshake is done: frames may be as large as the lane allows. */
  allowBodyBytes(bytesMax: number): void {
    this.#reader.bodyBytesMax = bytesMax;
  }

  /** Whether the other side was heard since the last question. */
  takeHeard(): boolean {
    const heard = this.#heard;
    this.#heard = false;
    return heard;
  }

  /** Starts a frame: write its body to the result, then call `finish` with `start`. */
  begin(kind: number, group: GroupId): { readonly writer: ByteWriter; readonly start: number } {
    return { writer: this.writer(), start: beginFrame(this.#writer, kind, group) };
  }

  /** For hot paths: `beginFrame` and `endFrame` are the caller's. */
  writer(): ByteWriter {
    // The usual case: the system has taken all that was written before, so what comes now can be written over it.
    if (this.#writer.length === 0 && this.#connection.bufferedBytes === 0) this.#writer.reuse();
    if (!this.#magicSent) {
      this.#magicSent = true;
      this.#writer.raw(STREAM_MAGIC);
    }
    return this.#writer;
  }

  /** Returns the length of the body. */
  finish(start: number): number {
    this.#counters.framesSent += 1;
    return endFrame(this.#writer, start, this.#checksum) - FRAME_HEADER_BYTES;
  }

  /** Takes the frame begun at `start` back. */
  drop(start: number): void {
    this.#writer.rewind(start);
  }

  /** Everything written since the last call goes out in one write. False: the stream is full until `onDrain`. */
  flush(): boolean {
    if (this.#closed || this.#writer.length === 0) return true;
    const bytes = this.#writer.take();
    this.#counters.bytesSent += bytes.length;
    this.#counters.socketWrites += 1;
    return this.#connection.write(bytes);
  }

  /** Sends what was written, then ends. No handler is called any more. */
  end(): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    this.#reader.stop();
    this.#connection.end();
  }

  /** Ends at once, also after `end` has not come to its end. No handler is called any more. */
  close(): void {
    this.#closed = true;
    this.#reader.stop();
    this.#connection.destroy();
  }

  #onData(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#heard = true;
    this.#counters.bytesReceived += bytes.length;
    const rest = this.#checkMagic(bytes);
    if (rest === undefined) {
      this.#fail({ reason: "the stream does not begin as ours does", bad: true });
      return;
    }
    const error = this.#reader.push(rest, this.#onFrame);
    if (error !== undefined) this.#fail({ reason: error.message, bad: true });
  }

  readonly #onFrame = (kind: number, group: GroupId, body: Uint8Array, owned: boolean): void => {
    this.#counters.framesReceived += 1;
    this.#handlers.onFrame(kind, group, body, owned);
  };

  /** What follows the magic, or undefined when it is not there. */
  #checkMagic(bytes: Uint8Array): Uint8Array | undefined {
    if (this.#magicSeen === STREAM_MAGIC.length) return bytes;
    const count = Math.min(STREAM_MAGIC.length - this.#magicSeen, bytes.length);
    for (let place = 0; place < count; place++) {
      if (bytes[place] !== STREAM_MAGIC[this.#magicSeen + place]) return undefined;
    }
    this.#magicSeen += count;
    return bytes.subarray(count);
  }

  #onClose(error: NetworkError | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader.stop();
    this.#handlers.onEnd({ reason: error?.message ?? "the other side closed", bad: false });
  }

  #fail(end: ConnectionEnd): void {
    if (this.#closed) return;
    this.close();
    this.#handlers.onEnd(end);
  }
}

/** A frame of a kind that has no place here. */
export function unexpectedFrame(kind: number): WireError {
  return new WireError("unexpected", `a frame of kind ${kind} has no place here`);
}
