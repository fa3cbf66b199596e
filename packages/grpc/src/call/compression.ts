import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { RpcError, STATUS } from "./status.ts";

/** Message encodings other than identity. `deflate` is the zlib format, as in HTTP. */
export type Encoding = "gzip" | "deflate";

/** What we tell clients that we understand. */
export const ACCEPTED_ENCODINGS = "identity,deflate,gzip";

/** Smaller answers are sent as they are: compression would cost more than it saves. */
const COMPRESS_FROM_BYTES = 1024;

/** Larger ones as well: each megabyte takes ten milliseconds, in which nobody else is served. */
const COMPRESS_TO_BYTES = 1024 * 1024;

/** Favours speed: the answer is compressed on the thread that serves everybody. */
const LEVEL = 1;

export function isKnownEncoding(name: string): name is Encoding {
  return name === "gzip" || name === "deflate";
}

/** Whether a client that sent this `grpc-accept-encoding` takes `encoding`; one that sent none takes what it used itself. */
export function acceptsEncoding(acceptEncoding: string, encoding: Encoding): boolean {
  if (acceptEncoding === "") return true;
  return acceptEncoding.split(",").some((name) => name.trim() === encoding);
}

/** The compressed message, or undefined when it is better sent as it is. */
export function compress(message: Uint8Array, encoding: Encoding): Uint8Array | undefined {
  if (message.length < COMPRESS_FROM_BYTES || message.length > COMPRESS_TO_BYTES) return undefined;
  const packed =
    encoding === "gzip"
      ? gzipSync(message, { level: LEVEL })
      : deflateSync(message, { level: LEVEL });
  return packed.length < message.length ? packed : undefined;
}

/**
 * The message in a frame with the compressed flag set. What it expands to is bounded while it is
 * expanded, so that a small frame cannot become a large allocation.
 * @throws RpcError that ends the call.
 */
export function decompress(
  bytes: Uint8Array,
  encoding: Encoding | undefined,
  maxBytes: number,
): Uint8Array {
  if (encoding === undefined) {
    throw new RpcError(
      STATUS.INTERNAL,
      "grpc: compressed flag set with identity or empty encoding",
    );
  }
  try {
    const options = { maxOutputLength: maxBytes };
    return encoding === "gzip" ? gunzipSync(bytes, options) : inflateSync(bytes, options);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new RpcError(
        STATUS.RESOURCE_EXHAUSTED,
        `grpc: received message after decompression larger than max (more than ${maxBytes} vs. ${maxBytes})`,
      );
    }
    throw new RpcError(
      STATUS.INTERNAL,
      `grpc: failed to decompress the received message: ${error}`,
    );
  }
}
