/** The status codes of gRPC that this client acts on. */
export const GRPC_STATUS = {
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
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/**
 * How a call ended. `reached` is false only when the member certainly saw nothing of it: the stream was never opened, or
 * the member itself said that it did not process it.
 */
export type CallEnd =
  /** The member's own word. */
  | { readonly type: "status"; readonly code: number; readonly details: string }
  /** The stream ended without it. */
  | { readonly type: "broken"; readonly reached: boolean; readonly cause: unknown }
  | { readonly type: "timeout"; readonly reached: boolean }
  | { readonly type: "cancelled"; readonly reached: boolean };

/** What a call with one answer came to. */
export type CallResult<Response> =
  | { readonly ok: true; readonly response: Response }
  | { readonly ok: false; readonly end: CallEnd };
