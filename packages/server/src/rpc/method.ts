import type { CallContext } from "./call.ts";
import type { RpcError } from "./status.ts";

/** A method with one request and one answer. Throws or rejects with `RpcError`; anything else counts as a bug. */
export interface UnaryMethod {
  readonly kind: "unary";
  readonly path: string;
  /** `request` is valid until the answer is given; the answer's bytes are the caller's. */
  handle(request: Uint8Array, call: CallContext): Uint8Array | Promise<Uint8Array>;
}

/** A method that answers with many messages, and may take many. */
export interface StreamMethod {
  readonly kind: "stream";
  readonly path: string;
  /** The client sends exactly one message. */
  readonly singleRequest: boolean;
  /** Sets the stream's listeners before it returns; messages come later. */
  open(stream: RpcStream<Uint8Array, Uint8Array>): void;
}

export type RpcMethod = UnaryMethod | StreamMethod;

/**
 * Both directions of a streaming call. Each `on…` takes one listener and must be called from within `open`. After
 * `end`, `fail` or a cancellation nothing is called any more and nothing is sent.
 */
export interface RpcStream<In, Out> {
  readonly call: CallContext;
  /** Queues a message. False: stop and wait for `onDrain`; the message is queued all the same. */
  write(message: Out): boolean;
  onMessage(listener: (message: In) => void): void;
  /** The client will send nothing more; it still listens. */
  onEnd(listener: () => void): void;
  onDrain(listener: () => void): void;
  /** Stops asking the connection for messages until `resume`: whoever sends faster than we work has to wait. */
  pause(): void;
  resume(): void;
  /** Ends the call in order, after everything queued. */
  end(): void;
  /** Ends the call with an error, after everything queued. */
  fail(error: RpcError): void;
}
