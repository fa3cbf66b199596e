/** What is known about a call besides its messages. Valid until the call has ended. */
export interface CallContext {
  /** `/package.Service/Method`. */
  readonly path: string;
  /** The client's `host:port`, for logs. */
  readonly peer: string;
  /** The host the client believes it talks to; empty when it did not say. */
  readonly authority: string;
  /** Milliseconds the client still waits from the moment the call arrived; undefined when it named no deadline. */
  readonly timeoutMs: number | undefined;
  /** Common name of the client's verified certificate, undefined without one. */
  readonly certificateName: string | undefined;
  /** DNS names and addresses of the client's verified certificate, as `DNS:a.example`; empty without one. */
  readonly certificateAltNames: readonly string[];
  /** Always false: for services that can also be reached by other ways than gRPC. */
  readonly viaGateway: boolean;
  /** The client is gone, has cancelled, or its deadline has passed. */
  readonly cancelled: boolean;
  /** The first value of a metadata key, which is in lower case. */
  metadata(key: string): string | undefined;
  /** All values of a metadata key, in the order received. */
  metadataValues(key: string): readonly string[];
  /** The first value of a key that ends in `-bin`, decoded; undefined when it is missing or no base64. */
  metadataBytes(key: string): Uint8Array | undefined;
  /** Adds metadata to what precedes the first message. Without effect once that is sent. */
  addHeader(name: string, value: string | Uint8Array): void;
  /** Adds metadata to what follows the last message. */
  addTrailer(name: string, value: string | Uint8Array): void;
  /** Runs once when the call is cancelled; at once when it is already. Never after it has ended in order. */
  onCancel(listener: () => void): void;
}
