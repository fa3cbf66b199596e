import { ErrorCode } from "../http2/protocol.ts";
import type { CallContext } from "./call-context.ts";
import type { CallEnvironment } from "./call-environment.ts";
import { decompress } from "./compression.ts";
import { MessageReader, type MessageSink } from "./message-reader.ts";
import type { RpcStream, StreamMethod } from "./method.ts";
import { type CallRequest, ServerCall } from "./server-call.ts";
import { RpcError, STATUS, wrongMessageCount } from "./status.ts";

const ignore = (): void => {};

/** A call with any number of messages in either direction. */
export class StreamingCall extends ServerCall implements RpcStream, MessageSink {
  readonly #method: StreamMethod;
  readonly #reader: MessageReader;
  #messageListener: (message: Uint8Array) => void = ignore;
  #endListener: () => void = ignore;
  #drainListener: () => void = ignore;
  #messageCount = 0;
  #request: Uint8Array | undefined;
  #isPaused = false;
  #wasToldToWait = false;
  #hasDeliveredEnd = false;

  constructor(request: CallRequest, method: StreamMethod, environment: CallEnvironment) {
    super(request, environment);
    this.#method = method;
    const { received } = request.connection;
    this.#reader = new MessageReader(received, environment.maxRequestBytes, this);
  }

  get call(): CallContext {
    return this;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  onOpened(): void {
    try {
      this.#method.open(this);
    } catch (error) {
      this.completeWith(error);
    }
  }

  onData(bytes: Buffer, start: number, end: number, endStream: boolean): void {
    if (this.hasEnded || !this.accountFor(end - start, endStream)) return;
    try {
      this.#reader.push(bytes, start, end);
      this.#goOn();
    } catch (error) {
      this.completeWith(error);
    }
  }

  takeMessage(isCompressed: boolean, bytes: Buffer): void {
    this.#messageCount += 1;
    if (this.#method.singleRequest && this.#messageCount > 1)
      throw wrongMessageCount("more than one");
    const { maxRequestBytes } = this.environment;
    const message = isCompressed ? decompress(bytes, this.encoding, maxRequestBytes) : bytes;
    // A single request counts only once nothing can follow it.
    if (this.#method.singleRequest) this.#request = message;
    else this.#messageListener(message);
  }

  onMessage(listener: (message: Uint8Array) => void): void {
    this.#messageListener = listener;
  }

  onEnd(listener: () => void): void {
    this.#endListener = listener;
  }

  onDrain(listener: () => void): void {
    this.#drainListener = listener;
  }

  write(message: Uint8Array): boolean {
    if (this.hasEnded) return false;
    if (this.sendAnswer(message) === "refused") {
      // The service goes on writing although it was told to wait, and will not stop by itself.
      this.abandon(ErrorCode.enhanceYourCalm);
      return false;
    }
    const accepts = this.sendQueue.lengthBytes < this.connection.limits.streamHighWaterBytes;
    if (!accepts) this.#wasToldToWait = true;
    return accepts;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    if (this.hasEnded) return;
    try {
      this.#reader.resume();
      this.#goOn();
    } catch (error) {
      this.completeWith(error);
    }
  }

  end(): void {
    this.complete(undefined);
  }

  fail(error: { readonly code: number; readonly message: string }): void {
    this.completeWith(error);
  }

  protected onWritable(): void {
    if (!this.#wasToldToWait) return;
    this.#wasToldToWait = false;
    try {
      this.#drainListener();
    } catch (error) {
      this.completeWith(error);
    }
  }

  protected dropRequest(): void {
    this.#reader.dispose();
    this.#request = undefined;
    this.#messageListener = ignore;
    this.#endListener = ignore;
    this.#drainListener = ignore;
  }

  /** After data was dealt with, or as much of it as the service takes: asks for more, or says that it was all. */
  #goOn(): void {
    if (this.hasEnded || this.#isPaused || this.#reader.hasBacklog) return;
    if (!this.isRemoteClosed) this.connection.replenish(this);
    else if (!this.#hasDeliveredEnd) this.#deliverEnd();
  }

  #deliverEnd(): void {
    this.#hasDeliveredEnd = true;
    if (this.#reader.isInsideMessage) {
      throw new RpcError(STATUS.INTERNAL, "grpc: the request ends inside a message");
    }
    if (this.#method.singleRequest) {
      if (this.#request === undefined) throw wrongMessageCount("no");
      this.#messageListener(this.#request);
    }
    this.#endListener();
  }
}
