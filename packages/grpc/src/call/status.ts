import { encodeMetadataValue } from "./metadata-encoding.ts";

/** The status codes of gRPC, by their usual names. */
export const STATUS = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** The number of a gRPC status. */
export type StatusCode = (typeof STATUS)[keyof typeof STATUS];

/** One piece of metadata. Names are in lower case; the values of names that end in `-bin` are bytes. */
export type MetadataEntry = readonly [name: string, value: string | Uint8Array];

/** The same as it goes into a header: bytes are base64 already. */
export type PlainField = readonly [name: string, value: string];

/** What goes with a status besides its code and its message. */
export interface RpcErrorOptions extends ErrorOptions {
  /** Sent with the status. */
  readonly trailers?: readonly MetadataEntry[] | undefined;
}

/** How a call ends when it does not succeed. The message reaches the client as it is, up to 4 KiB. */
export class RpcError extends Error {
  override readonly name: string = "RpcError";
  readonly code: number;
  readonly trailers: readonly MetadataEntry[];

  /** @throws TypeError for trailers that gRPC does not allow. */
  constructor(code: number, message: string, options?: RpcErrorOptions) {
    super(message, options);
    this.code = code;
    this.trailers = options?.trailers ?? [];
    // Here, where the stack shows who made the mistake, and not while headers are being encoded.
    for (const [name, value] of this.trailers) encodeMetadataValue(name, value);
  }
}

/** What the client is told of something thrown by a service. */
export interface CallFailure {
  readonly code: number;
  readonly message: string;
  readonly trailers: readonly PlainField[];
}

/**
 * Reads a status from anything thrown: whatever has a `code` that is a gRPC status other than OK, and
 * a message, so that services need not import this package. Undefined for the rest, which is a bug.
 */
export function failureOf(thrown: unknown): CallFailure | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  if (!("code" in thrown && "message" in thrown)) return undefined;
  const { code, message } = thrown;
  const isStatus = typeof code === "number" && Number.isInteger(code) && code > 0 && code <= 16;
  if (!isStatus || typeof message !== "string") return undefined;
  return { code, message, trailers: trailersOf(thrown) };
}

function trailersOf(error: object): readonly PlainField[] {
  if (!(error instanceof RpcError)) return [];
  return error.trailers.map(([name, value]) => [name, encodeMetadataValue(name, value)]);
}

/** The status that gRPC prescribes for a call with the wrong number of messages. */
export function wrongMessageCount(count: "no" | "more than one"): RpcError {
  return new RpcError(
    STATUS.UNIMPLEMENTED,
    `grpc: ${count} message received for a method that takes exactly one`,
  );
}
