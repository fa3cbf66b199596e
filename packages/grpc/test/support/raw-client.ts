import { setImmediate as nextTurn } from "node:timers/promises";
import { HpackDecoder } from "../../src/hpack/hpack-decoder.ts";
import { HpackEncoder } from "../../src/hpack/hpack-encoder.ts";
import { FrameReader } from "../../src/http2/frame-reader.ts";
import { CLIENT_PREFACE, Flag, FrameType } from "../../src/http2/protocol.ts";
import { GrpcServer, type GrpcServerOptions } from "../../src/server/grpc-server.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemorySocket } from "./memory-socket.ts";

export interface ReceivedFrame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
  /** Of HEADERS. */
  readonly headers?: Readonly<Record<string, string>>;
}

export function frame(
  type: number,
  flags: number,
  streamId: number,
  payload: Uint8Array = new Uint8Array(0),
): Buffer {
  const bytes = Buffer.alloc(9 + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(streamId, 5);
  bytes.set(payload, 9);
  return bytes;
}

export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

export function setting(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt16BE(id);
  bytes.writeUInt32BE(value, 2);
  return bytes;
}

export const SETTINGS: Buffer = frame(FrameType.settings, 0, 0);

export const PREFACE: Buffer = Buffer.concat([CLIENT_PREFACE, SETTINGS]);

/** gRPC's five octets and a message. */
export function message(body: Uint8Array | string, flags = 0): Buffer {
  const bytes = typeof body === "string" ? Buffer.from(body) : Buffer.from(body);
  return Buffer.concat([Uint8Array.of(flags), word(bytes.length), bytes]);
}

export const requestHeaders = (path: string): [string, string][] => [
  [":method", "POST"],
  [":scheme", "http"],
  [":path", path],
  [":authority", "server.test"],
  ["content-type", "application/grpc"],
  ["te", "trailers"],
];

/** A header block of literals that no table remembers. */
export function block(fields: readonly (readonly [string, string])[]): Buffer {
  const encoder = new HpackEncoder([]);
  encoder.begin();
  for (const [name, value] of fields) encoder.field(name, value);
  return Buffer.from(encoder.block.subarray(0, encoder.length));
}

export function headers(
  streamId: number,
  fields: readonly (readonly [string, string])[],
  flags: number = Flag.endHeaders,
): Buffer {
  return frame(FrameType.headers, flags, streamId, block(fields));
}

export function data(streamId: number, payload: Uint8Array, endStream = true): Buffer {
  return frame(FrameType.data, endStream ? Flag.endStream : 0, streamId, payload);
}

/** A whole unary call. */
export function call(streamId: number, path: string, body: Uint8Array | string = ""): Buffer {
  return Buffer.concat([headers(streamId, requestHeaders(path)), data(streamId, message(body))]);
}

/** Speaks raw HTTP/2 with a server in memory, one frame at a time, under a clock that stands still. */
export class RawClient {
  readonly clock: ManualClock = new ManualClock();
  readonly server: GrpcServer;
  readonly socket: MemorySocket;
  readonly defects: unknown[] = [];
  readonly #reader: FrameReader = new FrameReader();
  readonly #decoder: HpackDecoder = new HpackDecoder({
    maxTableBytes: 4096,
    maxListBytes: 1 << 20,
    classify: () => 0,
  });

  constructor(options: GrpcServerOptions) {
    this.server = new GrpcServer({
      onDefect: (_where, defect) => this.defects.push(defect),
      ...options,
      clock: this.clock,
    });
    this.socket = this.connect();
  }

  /** One more socket of the same server. */
  connect(): MemorySocket {
    const socket = new MemorySocket();
    this.server.serve(socket);
    return socket;
  }

  /** Sends bytes, lets the server work, and returns the frames it answered with. */
  async exchange(...bytes: readonly Uint8Array[]): Promise<ReceivedFrame[]> {
    for (const part of bytes) this.socket.receive(part);
    await settle();
    return this.frames();
  }

  /** Connects and passes over the server's introduction. */
  async start(...bytes: readonly Uint8Array[]): Promise<ReceivedFrame[]> {
    await this.exchange(PREFACE);
    return bytes.length === 0 ? [] : this.exchange(...bytes);
  }

  /** Frames written since the last look. */
  frames(): ReceivedFrame[] {
    const frames: ReceivedFrame[] = [];
    this.#reader.push(this.socket.takeWritten(), {
      onFrame: (type, flags, streamId, bytes, start, end) => {
        const payload = Buffer.from(bytes.subarray(start, end));
        if (type !== FrameType.headers) {
          frames.push({ type, flags, streamId, payload });
          return;
        }
        const list = this.#decoder.decode(payload, 0, payload.length);
        const fields = Object.fromEntries(list.map(({ name, value }) => [name, value]));
        frames.push({ type, flags, streamId, payload, headers: fields });
      },
    });
    return frames;
  }
}

/** Lets everything that is due run, until the turn's output is written. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await nextTurn();
}

export function ofType(frames: readonly ReceivedFrame[], type: number): ReceivedFrame[] {
  return frames.filter((received) => received.type === type);
}

/** Error code and text of the last GOAWAY. */
export function goawayOf(
  frames: readonly ReceivedFrame[],
): { readonly code: number; readonly text: string; readonly lastStreamId: number } | undefined {
  const payload = ofType(frames, FrameType.goaway).at(-1)?.payload;
  if (payload === undefined) return undefined;
  return {
    lastStreamId: payload.readUInt32BE(0),
    code: payload.readUInt32BE(4),
    text: payload.toString("utf8", 8),
  };
}

/** Error code of the RST_STREAM for a stream. */
export function resetOf(frames: readonly ReceivedFrame[], streamId: number): number | undefined {
  const reset = ofType(frames, FrameType.rstStream).find((found) => found.streamId === streamId);
  return reset?.payload.readUInt32BE(0);
}

/** `grpc-status` and message that ended a stream. */
export function statusOf(
  frames: readonly ReceivedFrame[],
  streamId: number,
): { readonly code: string | undefined; readonly message: string | undefined } | undefined {
  const last = ofType(frames, FrameType.headers)
    .filter((found) => found.streamId === streamId)
    .at(-1);
  if (last === undefined || (last.flags & Flag.endStream) === 0) return undefined;
  return { code: last.headers?.["grpc-status"], message: last.headers?.["grpc-message"] };
}

/** All DATA of a stream, joined. */
export function bodyOf(frames: readonly ReceivedFrame[], streamId: number): Buffer {
  const parts = ofType(frames, FrameType.data).filter((found) => found.streamId === streamId);
  return Buffer.concat(parts.map((part) => part.payload));
}
