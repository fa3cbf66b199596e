import type { EventEmitter } from "node:events";
import type { ServerDuplexStream, ServerUnaryCall, ServerWritableStream } from "@grpc/grpc-js";
import type { CallContext } from "../call.ts";

export type GrpcJsCall =
  | ServerUnaryCall<Buffer, Uint8Array>
  | ServerWritableStream<Buffer, Uint8Array>
  | ServerDuplexStream<Buffer, Uint8Array>;

/** A call as grpc-js has it. It reports every end as a cancellation, so that the adapter says when one was in order. */
export class GrpcJsCallContext implements CallContext {
  readonly path: string;
  readonly viaGateway: boolean = false;
  readonly #call: GrpcJsCall;
  #cancelled = false;
  #finished = false;
  #listeners: (() => void)[] | undefined;

  constructor(path: string, call: GrpcJsCall) {
    this.path = path;
    this.#call = call;
    const events: EventEmitter = call;
    events.once("cancelled", () => this.#cancel());
  }

  get peer(): string {
    return this.#call.getPeer();
  }

  get authority(): string {
    return this.#call.getHost();
  }

  get timeoutMs(): number | undefined {
    const deadline = this.#call.getDeadline();
    const atMs = deadline instanceof Date ? deadline.getTime() : deadline;
    return Number.isFinite(atMs) ? Math.max(0, atMs - Date.now()) : undefined;
  }

  get certificateName(): string | undefined {
    const name = this.#call.getAuthContext().sslPeerCertificate?.subject?.CN;
    return Array.isArray(name) ? name[0] : name;
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  metadata(key: string): string | undefined {
    return this.#call.metadata.get(key)[0]?.toString();
  }

  onCancel(listener: () => void): void {
    if (this.#cancelled) listener();
    else if (this.#listeners === undefined) this.#listeners = [listener];
    else this.#listeners.push(listener);
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** The call has been answered: what comes now is no cancellation. */
  finish(): void {
    this.#finished = true;
    this.#listeners = undefined;
  }

  #cancel(): void {
    if (this.#finished || this.#cancelled) return;
    this.#cancelled = true;
    const listeners = this.#listeners ?? [];
    this.#listeners = undefined;
    for (const listener of listeners) listener();
  }
}
