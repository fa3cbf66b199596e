import type { CallContext } from "./call.ts";
import type { RpcStream } from "./method.ts";
import { type RpcError, STATUS } from "./status.ts";

/** What an observer of a stream hears. */
export interface StreamObserver {
  received?(): void;
  sent?(): void;
  /** Exactly once, whoever ended the stream. */
  over(code: number): void;
}

/** A stream that tells an observer what happens on it. */
export class ObservedStream<In, Out> implements RpcStream<In, Out> {
  readonly #stream: RpcStream<In, Out>;
  readonly #observer: StreamObserver;
  #isOver = false;

  constructor(stream: RpcStream<In, Out>, observer: StreamObserver) {
    this.#stream = stream;
    this.#observer = observer;
    stream.call.onCancel(() => this.#over(STATUS.CANCELLED));
  }

  get call(): CallContext {
    return this.#stream.call;
  }

  write(message: Out): boolean {
    this.#observer.sent?.();
    return this.#stream.write(message);
  }

  onMessage(listener: (message: In) => void): void {
    this.#stream.onMessage((message) => {
      this.#observer.received?.();
      listener(message);
    });
  }

  onEnd(listener: () => void): void {
    this.#stream.onEnd(listener);
  }

  onDrain(listener: () => void): void {
    this.#stream.onDrain(listener);
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  end(): void {
    this.#stream.end();
    this.#over(STATUS.OK);
  }

  fail(error: RpcError): void {
    this.#stream.fail(error);
    this.#over(error.code);
  }

  #over(code: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#observer.over(code);
  }
}
