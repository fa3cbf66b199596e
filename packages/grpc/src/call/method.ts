import type { CallContext } from "./call-context.ts";

/**
 * A method with one request and one answer. Throws or rejects with an error whose `code` is a gRPC
 * status; anything else counts as a bug, and the client gets INTERNAL.
 */
export interface UnaryMethod {
  readonly kind: "unary";
  /** `/package.Service/Method`. */
  readonly path: string;
  /**
   * `request` is a view of what was received. It is never written again, but may keep up to 64 KiB
   * alive: copy what outlives the call. The answer's bytes belong to this layer, and must not change.
   * An answer that is given at once costs neither a promise nor a timer. A promise must be settled
   * also when the call was cancelled: until then it counts as work for its connection.
   */
  handle(request: Uint8Array, call: CallContext): Uint8Array | Promise<Uint8Array>;
}

/** A method that answers with many messages, and may take many. */
export interface StreamMethod {
  readonly kind: "stream";
  readonly path: string;
  /** The client sends exactly one message, which is delivered once the client has ended its side. */
  readonly singleRequest: boolean;
  /** Sets the stream's listeners before it returns; messages come later. */
  open(stream: RpcStream): void;
}

/** A method that a server serves. */
export type RpcMethod = UnaryMethod | StreamMethod;

/**
 * Both directions of a streaming call. Each `on…` takes one listener and must be called from within
 * `open`. After `end`, `fail` or a cancellation nothing is called any more and nothing is sent.
 */
export interface RpcStream {
  readonly call: CallContext;
  /**
   * Queues a message, whose bytes then belong to this layer. False: stop and wait for `onDrain`; the
   * message is queued all the same, until what is queued reaches the hard limit and the call fails.
   */
  write(message: Uint8Array): boolean;
  /** Messages in order; the bytes live as those of a unary request do. */
  onMessage(listener: (message: Uint8Array) => void): void;
  /** The client will send nothing more; it still listens. */
  onEnd(listener: () => void): void;
  onDrain(listener: () => void): void;
  /** Stops taking messages until `resume`: a client that sends faster than we work has to wait. */
  pause(): void;
  resume(): void;
  /** Ends the call in order, after everything queued. */
  end(): void;
  /** Ends the call with an error, after everything queued. A code that is no gRPC status but OK counts as a bug. */
  fail(error: { readonly code: number; readonly message: string }): void;
}
