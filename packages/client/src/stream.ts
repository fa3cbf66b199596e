import type { ClientDuplexStream, ClientReadableStream } from "@grpc/grpc-js";
import type { ClientError } from "./errors.ts";

/** Answers that may wait to be taken; beyond that the member is not read from until some are. */
const WAITING_MAX = 64;

/**
 * One streaming call on one connection: requests go out with `write`, answers are taken with `next` or by iterating. It is
 * not opened again when it breaks; whoever opened it knows what to ask for next.
 */
export class CallStream<Request, Response> {
  readonly #call: ClientDuplexStream<Request, Response> | ClientReadableStream<Response>;
  readonly #asError: (error: unknown) => ClientError;
  readonly #waiting: Response[] = [];
  #failure: ClientError | undefined;
  #over = false;
  #wake: () => void = () => {};

  constructor(
    call: ClientDuplexStream<Request, Response> | ClientReadableStream<Response>,
    asError: (error: unknown) => ClientError,
  ) {
    this.#call = call;
    this.#asError = asError;
    call.on("data", (response: Response) => {
      this.#waiting.push(response);
      if (this.#waiting.length >= WAITING_MAX) call.pause();
      this.#wake();
    });
    call.on("error", (error: unknown) => {
      // What we cancelled ourselves has not failed.
      if (!this.#over) this.#failure = this.#asError(error);
      this.#finish();
    });
    call.on("end", () => this.#finish());
  }

  /** Sends a request. Nothing happens after the end of the stream. */
  write(request: Request): void {
    if (!this.#over && "write" in this.#call) this.#call.write(request);
  }

  /** Nothing more will be sent; answers still come. */
  end(): void {
    if (!this.#over && "write" in this.#call) this.#call.end();
  }

  /** The next answer, undefined after the last one. Rejects with `ClientError` when the stream broke or was refused. */
  async next(): Promise<Response | undefined> {
    for (;;) {
      const response = this.#waiting.shift();
      if (response !== undefined) {
        if (this.#waiting.length < WAITING_MAX / 2) this.#call.resume();
        return response;
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#over) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Response> {
    for (;;) {
      const response = await this.next();
      if (response === undefined) return;
      yield response;
    }
  }

  /** Ends it at once; answers that have come can still be taken. */
  cancel(): void {
    this.#finish();
    this.#call.cancel();
  }

  #finish(): void {
    this.#over = true;
    this.#wake();
  }
}
