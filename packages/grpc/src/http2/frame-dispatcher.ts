import type { HeaderField } from "../hpack/header-field.ts";
import type { Http2Connection } from "./connection.ts";
import type { FrameSink } from "./frame-reader.ts";
import { type HeaderBlockReader, paddingOf } from "./header-block.ts";
import { ConnectionError, ErrorCode, Flag, FrameType, Setting } from "./protocol.ts";
import { forEachSetting } from "./settings.ts";
import type { Http2Stream } from "./stream.ts";

const PING_BYTES = 8;
const PRIORITY_BYTES = 5;
const WORD_BYTES = 4;
const GOAWAY_MIN_BYTES = 8;

/** What each received frame does to a connection: RFC 9113 §6, one method per type. */
export class FrameDispatcher implements FrameSink {
  readonly #connection: Http2Connection;
  readonly #headers: HeaderBlockReader;
  #hasSettings = false;
  #frameCount = 0;

  constructor(connection: Http2Connection, headers: HeaderBlockReader) {
    this.#connection = connection;
    this.#headers = headers;
  }

  /** Frames received so far. */
  get frameCount(): number {
    return this.#frameCount;
  }

  get isInsideHeaderBlock(): boolean {
    return this.#headers.isOpen;
  }

  onFrame(
    type: number,
    flags: number,
    streamId: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): void {
    this.#frameCount += 1;
    if (!this.#hasSettings) requireSettingsFirst(type, flags);
    if (this.#headers.isOpen && type !== FrameType.continuation) {
      throw new ConnectionError(ErrorCode.protocolError, "header block interrupted");
    }
    switch (type) {
      case FrameType.data:
        this.#data(flags, streamId, bytes, start, end);
        return;
      case FrameType.headers:
        requireStream(streamId);
        this.#block(this.#headers.begin(flags, streamId, bytes, start, end), streamId);
        return;
      case FrameType.continuation:
        this.#block(this.#headers.resume(flags, streamId, bytes, start, end), streamId);
        return;
      case FrameType.rstStream:
        this.#rstStream(streamId, end - start);
        return;
      case FrameType.settings:
        this.#settings(flags, streamId, bytes, start, end);
        return;
      case FrameType.ping:
        this.#ping(flags, streamId, bytes, start, end);
        return;
      case FrameType.windowUpdate:
        this.#windowUpdate(streamId, bytes, start, end);
        return;
      case FrameType.priority:
        this.#priority(streamId, end - start);
        return;
      case FrameType.goaway:
        this.#goaway(streamId, end - start);
        return;
      case FrameType.pushPromise:
        throw new ConnectionError(ErrorCode.protocolError, "PUSH_PROMISE from a client");
      default:
        // Unknown types are to be ignored (§4.1), but not without end.
        this.#connection.guard.uselessFrame();
    }
  }

  #data(flags: number, streamId: number, bytes: Buffer, start: number, end: number): void {
    requireStream(streamId);
    const connection = this.#connection;
    connection.received.received(end - start);
    let from = start;
    let to = end;
    if ((flags & Flag.padded) !== 0) {
      to -= paddingOf(bytes, start, end);
      from += 1;
    }
    const stream = connection.streams.get(streamId);
    if (stream === undefined || stream.isRemoteClosed) {
      // Late frames of a stream that we reset are no mistake; after END_STREAM they are.
      if (connection.streams.wasResetRecently(streamId) || connection.refuses(streamId)) return;
      connection.resetForMistake(streamId, ErrorCode.streamClosed);
      return;
    }
    const endStream = (flags & Flag.endStream) !== 0;
    if (from === to && !endStream) connection.guard.emptyData();
    stream.receiveWindowBytes -= end - start;
    if (stream.receiveWindowBytes < 0) {
      connection.resetForMistake(streamId, ErrorCode.flowControlError);
      return;
    }
    stream.isRemoteClosed = endStream;
    stream.onData(bytes, from, to, endStream);
  }

  #block(fields: HeaderField[] | undefined, streamId: number): void {
    if (fields === undefined) return;
    const connection = this.#connection;
    const { endStream, overflowed, listBytes } = this.#headers;
    const stream = connection.streams.find(streamId);
    if (stream !== undefined) {
      this.#trailers(stream, endStream);
      return;
    }
    if (!connection.streams.claim(streamId) || connection.refuses(streamId)) return;
    if (!connection.hasRoomForStream()) {
      connection.resetForMistake(streamId, ErrorCode.refusedStream);
      return;
    }
    const request = { streamId, fields, listBytes, overflowed, endStream };
    const opened = connection.environment.openStream(connection, request);
    if (opened === undefined) return;
    opened.isRemoteClosed = endStream;
    connection.streams.add(opened);
    opened.onOpened();
    if (endStream && !opened.isClosed) opened.onData(bytesOfNothing, 0, 0, true);
  }

  /** A second header list of a request ends it, and says nothing that gRPC knows. */
  #trailers(stream: Http2Stream, endStream: boolean): void {
    if (stream.isRemoteClosed) {
      this.#connection.resetForMistake(stream.id, ErrorCode.streamClosed);
    } else if (!endStream) {
      this.#connection.resetForMistake(stream.id, ErrorCode.protocolError);
    } else {
      stream.isRemoteClosed = true;
      stream.onData(bytesOfNothing, 0, 0, true);
    }
  }

  #rstStream(streamId: number, length: number): void {
    requireStream(streamId);
    requireLength(length, WORD_BYTES, "RST_STREAM");
    const stream = this.#connection.streams.get(streamId);
    if (stream === undefined) this.#connection.guard.uselessFrame();
    else this.#connection.streamWasReset(stream);
  }

  #settings(flags: number, streamId: number, bytes: Buffer, start: number, end: number): void {
    requireConnection(streamId);
    if ((flags & Flag.ack) !== 0) {
      requireLength(end - start, 0, "SETTINGS acknowledgement");
      this.#connection.guard.settings();
      return;
    }
    const connection = this.#connection;
    this.#hasSettings = true;
    connection.guard.settings();
    let windowBytes = connection.initialSendWindowBytes;
    forEachSetting(bytes, start, end, (id, value) => {
      if (id === Setting.headerTableSize) connection.encoder.setPeerTableSize(value);
      else if (id === Setting.initialWindowSize) windowBytes = value;
    });
    // Once per frame: 2 730 changes fit into one, and each would touch every stream.
    this.#setInitialWindow(windowBytes);
    connection.output.frames.settingsAck();
  }

  /** Applies to streams that are open, too, by the difference (§6.9.2). */
  #setInitialWindow(windowBytes: number): void {
    const connection = this.#connection;
    const growthBytes = windowBytes - connection.initialSendWindowBytes;
    connection.initialSendWindowBytes = windowBytes;
    if (growthBytes === 0) return;
    for (const stream of connection.streams.values()) {
      if (!connection.output.scheduler.growStreamWindow(stream, growthBytes)) {
        throw new ConnectionError(ErrorCode.flowControlError, "stream window overflow");
      }
    }
  }

  #ping(flags: number, streamId: number, bytes: Buffer, start: number, end: number): void {
    requireConnection(streamId);
    requireLength(end - start, PING_BYTES, "PING");
    if ((flags & Flag.ack) !== 0) {
      this.#connection.ponged(bytes, start);
      return;
    }
    this.#connection.pinged(bytes, start);
  }

  #windowUpdate(streamId: number, bytes: Buffer, start: number, end: number): void {
    requireLength(end - start, WORD_BYTES, "WINDOW_UPDATE");
    const connection = this.#connection;
    const incrementBytes = bytes.readUInt32BE(start) & 0x7fffffff;
    connection.guard.windowUpdate();
    if (streamId === 0) {
      if (incrementBytes === 0) {
        throw new ConnectionError(ErrorCode.protocolError, "WINDOW_UPDATE of zero");
      }
      connection.output.scheduler.growConnectionWindow(incrementBytes);
      return;
    }
    const stream = connection.streams.get(streamId);
    if (stream === undefined) return;
    if (incrementBytes === 0) {
      connection.resetForMistake(streamId, ErrorCode.protocolError);
    } else if (!connection.output.scheduler.growStreamWindow(stream, incrementBytes)) {
      connection.resetForMistake(streamId, ErrorCode.flowControlError);
    }
  }

  /** Deprecated and without effect, on streams of any state (§5.3.2). */
  #priority(streamId: number, length: number): void {
    requireStream(streamId);
    this.#connection.guard.uselessFrame();
    if (length === PRIORITY_BYTES) return;
    if (this.#connection.streams.find(streamId) === undefined) {
      throw new ConnectionError(ErrorCode.frameSizeError, "PRIORITY of wrong length");
    }
    this.#connection.resetForMistake(streamId, ErrorCode.frameSizeError);
  }

  /** The client will open no more; what it has open goes on. */
  #goaway(streamId: number, length: number): void {
    requireConnection(streamId);
    if (length < GOAWAY_MIN_BYTES) {
      throw new ConnectionError(ErrorCode.frameSizeError, "GOAWAY too short");
    }
    this.#connection.guard.uselessFrame();
  }
}

const bytesOfNothing: Buffer = Buffer.alloc(0);

function requireSettingsFirst(type: number, flags: number): void {
  if (type === FrameType.settings && (flags & Flag.ack) === 0) return;
  throw new ConnectionError(ErrorCode.protocolError, "the first frame must be SETTINGS");
}

function requireStream(streamId: number): void {
  if (streamId === 0) throw new ConnectionError(ErrorCode.protocolError, "frame needs a stream");
}

function requireConnection(streamId: number): void {
  if (streamId !== 0)
    throw new ConnectionError(ErrorCode.protocolError, "frame belongs to stream 0");
}

function requireLength(length: number, expected: number, frame: string): void {
  if (length !== expected) {
    throw new ConnectionError(ErrorCode.frameSizeError, `${frame} of wrong length`);
  }
}
