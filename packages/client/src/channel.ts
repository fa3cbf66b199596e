import {
  type ChannelCredentials,
  type ClientDuplexStream,
  type ClientReadableStream,
  connectivityState,
  credentials,
  Client as GrpcClient,
  type Metadata,
  type ServiceError,
} from "@grpc/grpc-js";
import type { MethodDescriptor } from "@quorate/protocol";
import type { Endpoint, TlsOptions } from "./endpoint.ts";

const RECONNECT_MIN_MS = 100;
const RECONNECT_MAX_MS = 2000;

/** One member's connection. It is made when first used and made again when it breaks. */
export class Channel {
  readonly endpoint: Endpoint;
  readonly #client: GrpcClient;

  constructor(endpoint: Endpoint, tls: TlsOptions | undefined) {
    this.endpoint = endpoint;
    this.#client = new GrpcClient(endpoint.address, credentialsFor(endpoint, tls), {
      "grpc.max_receive_message_length": -1,
      "grpc.max_send_message_length": -1,
      "grpc.initial_reconnect_backoff_ms": RECONNECT_MIN_MS,
      "grpc.min_reconnect_backoff_ms": RECONNECT_MIN_MS,
      "grpc.max_reconnect_backoff_ms": RECONNECT_MAX_MS,
      "grpc.use_local_subchannel_pool": 1,
      "grpc.enable_retries": 0,
    });
  }

  /** Resolves with true once there is a connection, with false when it cannot be made now or not in time. */
  connect(withinMs: number): Promise<boolean> {
    const channel = this.#client.getChannel();
    const until = Date.now() + withinMs;
    return new Promise((resolve) => {
      const look = (): void => {
        const state = channel.getConnectivityState(true);
        if (state === connectivityState.READY) resolve(true);
        else if (state === connectivityState.TRANSIENT_FAILURE) resolve(false);
        else if (state === connectivityState.SHUTDOWN || Date.now() >= until) resolve(false);
        else channel.watchConnectivityState(state, until, look);
      };
      look();
    });
  }

  /** One call. Rejects with grpc-js's own error. */
  unary<Request, RequestInit, Response, ResponseInit>(
    method: MethodDescriptor<Request, RequestInit, Response, ResponseInit, "unary">,
    request: RequestInit,
    options: {
      readonly metadata: Metadata;
      readonly withinMs: number;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(
        method.path,
        asBuffer(method.request.encode),
        method.response.decode,
        request,
        options.metadata,
        { deadline: Date.now() + options.withinMs },
        (error: ServiceError | null, response?: Response) => {
          options.signal?.removeEventListener("abort", abort);
          if (error !== null) reject(error);
          else if (response === undefined) reject(new Error("an answer without a message"));
          else resolve(response);
        },
      );
      const abort = (): void => call.cancel();
      options.signal?.addEventListener("abort", abort, { once: true });
    });
  }

  /** A streaming call; with one request it is sent at once. */
  stream<Request, RequestInit, Response, ResponseInit>(
    method: MethodDescriptor<
      Request,
      RequestInit,
      Response,
      ResponseInit,
      "bidiStream" | "serverStream"
    >,
    metadata: Metadata,
    request: RequestInit | undefined,
  ): ClientDuplexStream<RequestInit, Response> | ClientReadableStream<Response> {
    const encode = asBuffer(method.request.encode);
    const { decode } = method.response;
    return request === undefined
      ? this.#client.makeBidiStreamRequest(method.path, encode, decode, metadata)
      : this.#client.makeServerStreamRequest(method.path, encode, decode, request, metadata);
  }

  close(): void {
    this.#client.close();
  }
}

function asBuffer<Message>(encode: (message: Message) => Uint8Array): (message: Message) => Buffer {
  return (message) => {
    const bytes = encode(message);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
}

function credentialsFor(endpoint: Endpoint, tls: TlsOptions | undefined): ChannelCredentials {
  if (!endpoint.secure) return credentials.createInsecure();
  const bytes = (pem: string | Uint8Array | undefined): Buffer | null =>
    pem === undefined ? null : Buffer.from(pem);
  const skip = tls?.insecureSkipVerify === true;
  return credentials.createSsl(
    bytes(tls?.ca),
    bytes(tls?.key),
    bytes(tls?.cert),
    skip ? { checkServerIdentity: () => undefined, rejectUnauthorized: false } : {},
  );
}
