/** Stable codes; a code never changes its meaning. */
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
  /** What the caller asked for makes no sense; nothing was sent. */
  | "INVALID_ARGUMENT";

/** `notApplied`: nothing happened and nothing will; safe to repeat. `unknown`: it may have happened or may still happen. */
export type Outcome = "notApplied" | "unknown";

export interface ClientErrorDetail {
  readonly outcome: Outcome;
  /** The gRPC status the cluster answered with, when it did. */
  readonly status?: number | undefined;
  readonly endpoint?: string | undefined;
  readonly cause?: unknown;
}

/** Every error this client rejects with. The message of REFUSED is the cluster's own. */
export class ClientError extends Error {
  override readonly name: string = "ClientError";
  readonly code: ClientErrorCode;
  readonly outcome: Outcome;
  readonly status: number | undefined;
  readonly endpoint: string | undefined;

  constructor(code: ClientErrorCode, message: string, detail: ClientErrorDetail) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.outcome = detail.outcome;
    this.status = detail.status;
    this.endpoint = detail.endpoint;
  }
}
