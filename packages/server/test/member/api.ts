import {
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  Client as GrpcClient,
  Metadata,
  type ServiceError,
} from "@grpc/grpc-js";
import type { MethodDescriptor, MethodKind } from "@quorate/protocol";

type Method<Req, ReqInit, Res, ResInit, Kind extends MethodKind> = MethodDescriptor<
  Req,
  ReqInit,
  Res,
  ResInit,
  Kind
>;

export interface Failure {
  readonly code: number;
  readonly details: string;
}

/** Calls any method of the API with the generated messages, over a connection of its own. */
export class Api {
  readonly #client: GrpcClient;

  constructor(endpoint: string) {
    this.#client = new GrpcClient(endpoint, credentials.createInsecure(), {
      "grpc.use_local_subchannel_pool": 1,
      "grpc.max_receive_message_length": -1,
      "grpc.max_send_message_length": -1,
    });
  }

  call<Req, ReqInit, Res, ResInit>(
    method: Method<Req, ReqInit, Res, ResInit, "unary">,
    request: ReqInit,
    metadata: Readonly<Record<string, string>> = {},
  ): Promise<Res> {
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        method.path,
        (message: ReqInit) => Buffer.from(method.request.encode(message)),
        (bytes) => method.response.decode(new Uint8Array(bytes)),
        request,
        metadataOf(metadata),
        (error: ServiceError | null, response?: Res) =>
          error === null && response !== undefined ? resolve(response) : reject(error),
      );
    });
  }

  /** The status a call fails with. */
  async failure<Req, ReqInit, Res, ResInit>(
    method: Method<Req, ReqInit, Res, ResInit, "unary">,
    request: ReqInit,
    metadata: Readonly<Record<string, string>> = {},
  ): Promise<Failure> {
    try {
      await this.call(method, request, metadata);
    } catch (error) {
      const { code, details } = error as ServiceError;
      return { code, details };
    }
    return { code: 0, details: "" };
  }

  stream<Req, ReqInit, Res, ResInit>(
    method: Method<Req, ReqInit, Res, ResInit, "bidiStream">,
    metadata: Readonly<Record<string, string>> = {},
  ): ApiStream<ReqInit, Res> {
    const call = this.#client.makeBidiStreamRequest(
      method.path,
      (message: ReqInit) => Buffer.from(method.request.encode(message)),
      (bytes) => method.response.decode(new Uint8Array(bytes)),
      metadataOf(metadata),
    );
    return new ApiStream(
      call,
      (message) => call.write(message),
      () => call.end(),
    );
  }

  serverStream<Req, ReqInit, Res, ResInit>(
    method: Method<Req, ReqInit, Res, ResInit, "serverStream">,
    request: ReqInit,
  ): ApiStream<never, Res> {
    const call = this.#client.makeServerStreamRequest(
      method.path,
      (message: ReqInit) => Buffer.from(method.request.encode(message)),
      (bytes) => method.response.decode(new Uint8Array(bytes)),
      request,
      new Metadata(),
    );
    return new ApiStream(
      call,
      () => {},
      () => {},
    );
  }

  close(): void {
    this.#client.close();
  }
}

function metadataOf(entries: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(entries)) metadata.set(key, value);
  return metadata;
}

/** Both directions of a stream; answers wait until they are taken. */
export class ApiStream<In, Out> {
  readonly #call: ClientReadableStream<Out> | ClientDuplexStream<In, Out>;
  readonly #queue: Out[] = [];
  readonly write: (message: In) => void;
  readonly end: () => void;
  #failure: Failure | undefined;
  #over = false;
  #wake: () => void = () => {};

  constructor(
    call: ClientReadableStream<Out> | ClientDuplexStream<In, Out>,
    write: (message: In) => void,
    end: () => void,
  ) {
    this.#call = call;
    this.write = write;
    this.end = end;
    call.on("data", (message: Out) => {
      this.#queue.push(message);
      this.#wake();
    });
    call.on("error", ({ code, details }: ServiceError) => {
      this.#failure = { code, details };
      this.#wake();
    });
    call.on("end", () => {
      this.#over = true;
      this.#wake();
    });
  }

  /** The next answer. Rejects when there will be none. */
  async next(): Promise<Out> {
    for (;;) {
      const message = this.#queue.shift();
      if (message !== undefined) return message;
      if (this.#failure !== undefined) throw new Error(this.#failure.details);
      if (this.#over) throw new Error("the stream has ended");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The status the stream ends with. */
  async failure(): Promise<Failure> {
    while (this.#failure === undefined && !this.#over) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#failure ?? { code: 0, details: "" };
  }

  /** Answers that have come and were not taken. */
  get waiting(): readonly Out[] {
    return this.#queue;
  }

  /** Reads nothing more until `resume`: the member has to wait with what it has to say. */
  pause(): void {
    this.#call.pause();
  }

  resume(): void {
    this.#call.resume();
  }

  cancel(): void {
    this.#call.cancel();
  }
}
