import type { ServerDuplexStream, ServerWritableStream } from "@grpc/grpc-js";
import type { RpcStream } from "../method.ts";
import type { RpcError } from "../status.ts";
import { GrpcJsCallContext } from "./grpc-js-call.ts";

export type GrpcJsStreamCall =
  | { readonly kind: "bidi"; readonly call: ServerDuplexStream<Buffer, Uint8Array> }
  | { readonly kind: "serverStream"; readonly call: ServerWritableStream<Buffer, Uint8Array> };

const ignore = (): void => {};

/** A streaming call as grpc-js has it. */
export class GrpcJsStream implements RpcStream<Uint8Array, Uint8Array> {
  readonly call: GrpcJsCallContext;
  readonly #stream: GrpcJsStreamCall;

  constructor(path: string, stream: GrpcJsStreamCall) {
    this.#stream = stream;
    this.call = new GrpcJsCallContext(path, stream.call);
    // A stream error always comes with a cancellation, which is what is listened to.
    stream.call.on("error", ignore);
  }

  get #isOver(): boolean {
    return this.call.finished || this.call.cancelled;
  }

  write(message: Uint8Array): boolean {
    if (this.#isOver) return true;
    return this.#stream.call.write(message);
  }

  onMessage(listener: (message: Uint8Array) => void): void {
    const heard = (message: Uint8Array): void => {
      if (!this.#isOver) listener(message);
    };
    if (this.#stream.kind === "bidi") {
      this.#stream.call.on("data", heard);
    } else {
      const { request } = this.#stream.call;
      process.nextTick(() => heard(request));
    }
  }

  onEnd(listener: () => void): void {
    if (this.#stream.kind === "bidi") {
      this.#stream.call.on("end", () => {
        if (!this.#isOver) listener();
      });
    }
  }

  onDrain(listener: () => void): void {
    this.#stream.call.on("drain", () => {
      if (!this.#isOver) listener();
    });
  }

  pause(): void {
    if (this.#stream.kind === "bidi") this.#stream.call.pause();
  }

  resume(): void {
    if (this.#stream.kind === "bidi") this.#stream.call.resume();
  }

  end(): void {
    if (this.#isOver) return;
    this.call.finish();
    this.#stream.call.end();
  }

  fail(error: RpcError): void {
    if (this.#isOver) return;
    this.call.finish();
    this.#stream.call.emit("error", Object.assign(error, { details: error.message }));
  }
}
