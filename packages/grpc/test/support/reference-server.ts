import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerErrorResponse,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { CallContext } from "../../src/call/call-context.ts";
import type { RpcMethod, RpcStream, StreamMethod, UnaryMethod } from "../../src/call/method.ts";
import { RpcError } from "../../src/call/status.ts";
import { fixture } from "./fixtures.ts";

type Unary = ServerUnaryCall<Buffer, Uint8Array>;
type Bidi = ServerDuplexStream<Buffer, Uint8Array>;

export interface RunningServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** The same methods behind the library that everybody knows: what the client's tests see here is what they must see of ours. */
export async function startReference(
  methods: readonly RpcMethod[],
  tls: boolean,
): Promise<RunningServer> {
  const server = new Server({ "grpc.max_receive_message_length": 4 * 1024 * 1024 });
  const definition: Record<string, ServiceDefinition[string]> = {};
  const implementation: UntypedServiceImplementation = {};
  for (const method of methods) {
    const isStream = method.kind === "stream";
    definition[method.path] = {
      path: method.path,
      requestStream: isStream,
      responseStream: isStream,
      requestSerialize: (value: Buffer) => value,
      requestDeserialize: (bytes: Buffer) => bytes,
      responseSerialize: (value: Uint8Array) => Buffer.from(value),
      responseDeserialize: (bytes: Buffer) => bytes,
    };
    implementation[method.path] = isStream ? streamHandler(method) : unaryHandler(method);
  }
  server.addService(definition, implementation);
  const credentials = tls
    ? ServerCredentials.createSsl(
        fixture("ca.pem"),
        [{ private_key: fixture("server.key"), cert_chain: fixture("server.pem") }],
        true,
      )
    : ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    port,
    stop: async () => server.forceShutdown(),
  };
}

function unaryHandler(method: UnaryMethod) {
  return (call: Unary, done: sendUnaryData<Uint8Array>): void => {
    const context = contextOf(method.path, call);
    Promise.resolve()
      .then(() => method.handle(call.request, context))
      .then(
        (answer) => done(null, answer),
        (error: unknown) => done(failureOf(error)),
      );
  };
}

function streamHandler(method: StreamMethod) {
  return (call: Bidi): void => {
    let drain = (): void => {};
    call.on("drain", () => drain());
    const stream: RpcStream = {
      call: contextOf(method.path, call),
      write: (message) => call.write(message),
      onMessage: (listener) => void call.on("data", listener),
      onEnd: (listener) => void call.on("end", listener),
      onDrain: (listener) => {
        drain = listener;
      },
      pause: () => void call.pause(),
      resume: () => void call.resume(),
      end: () => void call.end(),
      fail: (error) => void call.emit("error", failureOf(error)),
    };
    method.open(stream);
  };
}

function failureOf(error: unknown): Partial<ServerErrorResponse> {
  if (!(error instanceof RpcError)) return { code: 13, details: "internal error" };
  const metadata = new Metadata();
  for (const [name, value] of error.trailers) {
    metadata.add(name, typeof value === "string" ? value : Buffer.from(value));
  }
  return { code: error.code, details: error.message, metadata };
}

function contextOf(path: string, call: Unary | Bidi): CallContext {
  const metadata = call.metadata;
  return {
    path,
    peer: call.getPeer(),
    authority: call.getHost(),
    timeoutMs: call.getDeadline() === Number.POSITIVE_INFINITY ? undefined : 1,
    certificateName: undefined,
    certificateAltNames: [],
    viaGateway: false,
    cancelled: call.cancelled,
    metadata: (key) => metadata.get(key).map(String)[0],
    metadataValues: (key) => metadata.get(key).map(String),
    metadataBytes: (key) =>
      metadata.get(key).find((value): value is Buffer => value instanceof Buffer),
    addHeader: () => {},
    addTrailer: () => {},
    onCancel: (listener) => void call.on("cancelled", listener),
  };
}
