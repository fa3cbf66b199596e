/** Stable codes; a code never changes its meaning. `docs/guides/client.md` says what to do about each. */
export type ClientErrorCode =
  /** No endpoint could be reached, or none that could was willing. */
  | "UNREACHABLE"
  /** No answer within the time given. */
  | "TIMEOUT"
  /** The cluster answered, and the answer is no: see `status` and the message. */
  | "REFUSED"
  /** The connection broke while the request was under way. */
  | "INTERRUPTED"
  /** The caller gave up, or the client was closed. */
  | "ABORTED"
  /** A limit on waiting calls or bytes is reached. */
  | "OVERLOADED"
  /** A watch asks for changes that the cluster no longer has; `compactRevision` says from where on it has them. */
  | "COMPACTED"
  /** A lease, and with it every key, lock, leadership or session on it, has ended or can no longer be relied on. */
  | "LEASE_LOST"
  /** What is stored is not what the codec expects. */
  | "UNDECODABLE"
  /** What the caller asked for makes no sense; nothing was sent. */
  | "INVALID_ARGUMENT";

/** `notApplied`: nothing happened and nothing will; safe to repeat. `unknown`: it may have happened or may still happen. */
export type Outcome = "notApplied" | "unknown";

/** What a `ClientError` knows besides its code and its message. */
export interface ClientErrorDetail {
  readonly outcome: Outcome;
  /** The gRPC status the cluster answered with, when it did. */
  readonly status?: number | undefined;
  readonly endpoint?: string | undefined;
  /** With COMPACTED: the oldest revision from which changes can still be had. */
  readonly compactRevision?: number | undefined;
  readonly cause?: unknown;
}

/** Every error this client rejects with. The message of REFUSED is the cluster's own. */
export class ClientError extends Error {
  override readonly name: string = "ClientError";
  readonly code: ClientErrorCode;
  /** Whether what was asked for may have taken effect. A failed read has never. */
  readonly outcome: Outcome;
  /** The gRPC status the cluster answered with, when it did. */
  readonly status: number | undefined;
  /** The endpoint it came from, as it was given. */
  readonly endpoint: string | undefined;
  /** With COMPACTED: the oldest revision from which changes can still be had. */
  readonly compactRevision: number | undefined;

  constructor(code: ClientErrorCode, message: string, detail: ClientErrorDetail) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.outcome = detail.outcome;
    this.status = detail.status;
    this.endpoint = detail.endpoint;
    this.compactRevision = detail.compactRevision;
  }
}
