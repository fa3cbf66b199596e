/** What is known about a call besides its messages. Valid until the call has ended. */
export interface CallContext {
  /** `/etcdserverpb.KV/Range`. */
  readonly path: string;
  /** The client's `host:port`, for logs. */
  readonly peer: string;
  /** The host the client believes it talks to; empty when it did not say. */
  readonly authority: string;
  /** Milliseconds the client still waits from the moment the call arrived; undefined when it named no deadline. */
  readonly timeoutMs: number | undefined;
  /** Common name of the client's verified certificate, undefined without one. */
  readonly certificateName: string | undefined;
  /** True when the call came through the JSON gateway. */
  readonly viaGateway: boolean;
  /** The client is gone, has cancelled, or its deadline has passed. */
  readonly cancelled: boolean;
  /** The first value of a metadata key, which is in lower case. */
  metadata(key: string): string | undefined;
  /** Runs once when the call is cancelled; at once when it is already. Never after it has ended in order. */
  onCancel(listener: () => void): void;
}

/** The same call for what has to be done even though the client is gone: without deadline, never cancelled. */
export class DetachedCall implements CallContext {
  readonly #call: CallContext;
  readonly timeoutMs: undefined = undefined;
  readonly cancelled: boolean = false;

  constructor(call: CallContext) {
    this.#call = call;
  }

  get path(): string {
    return this.#call.path;
  }

  get peer(): string {
    return this.#call.peer;
  }

  get authority(): string {
    return this.#call.authority;
  }

  get certificateName(): string | undefined {
    return this.#call.certificateName;
  }

  get viaGateway(): boolean {
    return this.#call.viaGateway;
  }

  metadata(key: string): string | undefined {
    return this.#call.metadata(key);
  }

  onCancel(): void {
    // It never is.
  }
}
