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
