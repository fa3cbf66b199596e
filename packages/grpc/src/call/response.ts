import type { ConstantField } from "../hpack/hpack-encoder.ts";
import type { Http2Connection } from "../http2/connection.ts";
import { writeFrameHeader } from "../http2/frame-writer.ts";
import {
  ConnectionError,
  ErrorCode,
  Flag,
  FRAME_HEADER_BYTES,
  FrameType,
} from "../http2/protocol.ts";
import type { Http2Stream } from "../http2/stream.ts";
import { PREFIX_BYTES } from "./message-reader.ts";
import { encodeStatusMessage } from "./metadata-encoding.ts";
import { type CallFailure, type PlainField, STATUS } from "./status.ts";

/** Fields that nearly every answer has; each connection's encoder teaches them to the client once. */
export const RESPONSE_CONSTANTS: readonly ConstantField[] = [
  ["content-type", "application/grpc"],
  ["grpc-status", "0"],
];
const CONTENT_TYPE = 0;
const STATUS_OK = 1;

/** `:status: 200` in the static table. */
const OK_OCTET = 0x88;
const OK_HEADERS_BYTES = 2;
const OK_TRAILERS_BYTES = 1;
const OK_OVERHEAD_BYTES =
  3 * FRAME_HEADER_BYTES + OK_HEADERS_BYTES + PREFIX_BYTES + OK_TRAILERS_BYTES;

/** A message that has to wait and is smaller than this is copied behind its prefix: two objects would cost more. */
const JOIN_BELOW_BYTES = 1024;

/**
 * Writes a whole successful answer (headers, one message, trailers) in one go, when nothing stands in
 * its way: the constants known to the client, room in both windows, nothing queued before it.
 * Returns false, and writes nothing, otherwise.
 */
export function writeAnswerAtOnce(
  connection: Http2Connection,
  stream: Http2Stream,
  message: Uint8Array,
): boolean {
  const { encoder, output } = connection;
  const length = PREFIX_BYTES + message.length;
  if (!encoder.isWarm || !output.scheduler.canSendNow(stream, length)) return false;
  const total = OK_OVERHEAD_BYTES + message.length;
  const bytes = output.frames.reserve(total);
  const { id } = stream;
  let at = output.frames.claim(total);
  at = writeFrameHeader(bytes, at, OK_HEADERS_BYTES, FrameType.headers, Flag.endHeaders, id);
  bytes[at] = OK_OCTET;
  bytes[at + 1] = encoder.constantOctet(CONTENT_TYPE);
  at = writeFrameHeader(bytes, at + OK_HEADERS_BYTES, length, FrameType.data, 0, id);
  at = writeMessage(bytes, at, false, message);
  const flags = Flag.endHeaders | Flag.endStream;
  at = writeFrameHeader(bytes, at, OK_TRAILERS_BYTES, FrameType.headers, flags, id);
  bytes[at] = encoder.constantOctet(STATUS_OK);
  output.scheduler.sentNow(stream, length);
  return true;
}

/** Response headers, before the first message. */
export function writeHeaders(
  connection: Http2Connection,
  streamId: number,
  encoding: string | undefined,
  fields: readonly PlainField[],
): void {
  const { encoder } = connection;
  encoder.begin();
  encoder.status(200);
  encoder.constant(CONTENT_TYPE);
  if (encoding !== undefined) encoder.field("grpc-encoding", encoding);
  writeFields(connection, fields);
  connection.output.frames.headers(streamId, encoder.block, encoder.length, false);
  connection.headersSent();
}

/** Trailers of a call whose headers are sent. Ends the stream. */
export function writeTrailers(
  connection: Http2Connection,
  streamId: number,
  failure: CallFailure | undefined,
  fields: readonly PlainField[],
): void {
  const { encoder } = connection;
  encoder.begin();
  writeStatus(connection, failure);
  writeFields(connection, fields);
  connection.output.frames.headers(streamId, encoder.block, encoder.length, true);
  connection.headersSent();
}

/** Headers and trailers in one, for a call that ends without a message. Ends the stream. */
export function writeTrailersOnly(
  connection: Http2Connection,
  streamId: number,
  failure: CallFailure | undefined,
  fields: readonly PlainField[],
): void {
  const { encoder } = connection;
  encoder.begin();
  encoder.status(200);
  encoder.constant(CONTENT_TYPE);
  writeStatus(connection, failure);
  writeFields(connection, fields);
  connection.output.frames.headers(streamId, encoder.block, encoder.length, true);
  connection.headersSent();
}

/** An answer to what is no gRPC call. Ends the stream. */
export function writeHttpStatus(
  connection: Http2Connection,
  streamId: number,
  status: number,
  fields: readonly PlainField[],
): void {
  const { encoder } = connection;
  encoder.begin();
  encoder.status(status);
  writeFields(connection, fields);
  connection.output.frames.headers(streamId, encoder.block, encoder.length, true);
  connection.headersSent();
}

/** `queued`: it waits for a window or the socket. `refused`: too much waits already; nothing was queued. */
export type SendOutcome = "sent" | "queued" | "refused";

/** Sends a message on a stream whose headers are sent. The bytes belong to this layer from now on. */
export function sendMessage(
  connection: Http2Connection,
  stream: Http2Stream,
  isCompressed: boolean,
  message: Uint8Array,
): SendOutcome {
  const { frames, scheduler } = connection.output;
  const length = PREFIX_BYTES + message.length;
  if (scheduler.canSendNow(stream, length)) {
    const bytes = frames.reserve(FRAME_HEADER_BYTES + length);
    writeMessage(bytes, frames.dataHeader(stream.id, length), isCompressed, message);
    scheduler.sentNow(stream, length);
    connection.output.wake();
    return "sent";
  }
  const { maxStreamQueuedBytes, maxConnectionQueuedBytes } = connection.limits;
  const streamBytes = stream.sendQueue.lengthBytes;
  if (streamBytes > 0 && streamBytes + length > maxStreamQueuedBytes) return "refused";
  if (scheduler.queuedBytes > 0 && scheduler.queuedBytes + length > maxConnectionQueuedBytes) {
    connection.fail(new ConnectionError(ErrorCode.enhanceYourCalm, "answers are not read"));
    return "refused";
  }
  if (message.length < JOIN_BELOW_BYTES) {
    const joined = Buffer.allocUnsafe(length);
    writeMessage(joined, 0, isCompressed, message);
    scheduler.enqueue(stream, joined);
  } else {
    const prefix = new Uint8Array(PREFIX_BYTES);
    writePrefix(prefix, 0, isCompressed, message.length);
    scheduler.enqueue(stream, prefix);
    scheduler.enqueue(stream, message);
  }
  connection.output.wake();
  return "queued";
}

function writeStatus(connection: Http2Connection, failure: CallFailure | undefined): void {
  const { encoder } = connection;
  if (failure === undefined || failure.code === STATUS.OK) {
    encoder.constant(STATUS_OK);
    return;
  }
  encoder.field("grpc-status", String(failure.code));
  if (failure.message !== "") {
    encoder.field("grpc-message", encodeStatusMessage(failure.message));
  }
  writeFields(connection, failure.trailers);
}

function writeFields(connection: Http2Connection, fields: readonly PlainField[]): void {
  for (const [name, value] of fields) connection.encoder.field(name, value);
}

function writeMessage(
  bytes: Uint8Array,
  at: number,
  isCompressed: boolean,
  message: Uint8Array,
): number {
  const start = writePrefix(bytes, at, isCompressed, message.length);
  bytes.set(message, start);
  return start + message.length;
}

function writePrefix(bytes: Uint8Array, at: number, isCompressed: boolean, length: number): number {
  bytes[at] = isCompressed ? 1 : 0;
  bytes[at + 1] = length >>> 24;
  bytes[at + 2] = length >>> 16;
  bytes[at + 3] = length >>> 8;
  bytes[at + 4] = length;
  return at + PREFIX_BYTES;
}
