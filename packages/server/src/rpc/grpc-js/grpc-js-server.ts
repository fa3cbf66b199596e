import type { Duplex } from "node:stream";
import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerWritableStream,
} from "@grpc/grpc-js";
import type { StreamMethod, UnaryMethod } from "../method.ts";
import type { RpcServer, RpcServerOptions } from "../rpc-server.ts";
import { RpcError, STATUS } from "../status.ts";
import { GrpcJsCallContext } from "./grpc-js-call.ts";
import { GrpcJsStream } from "./grpc-js-stream.ts";
import { nameUnknownMethods } from "./unknown-method.ts";

/** Answers go out one connection window at a time; the default of 64 KiB would slow large ranges down. */
const FLOW_CONTROL_WINDOW_BYTES = 1024 * 1024;

/** As etcd: an idle connection is probed after two hours, and given up 20 seconds later. */
const KEEPALIVE_TIME_MS = 2 * 60 * 60 * 1000;
const KEEPALIVE_TIMEOUT_MS = 20_000;

type AsBuffer = (bytes: Uint8Array) => Buffer;
const asBuffer: AsBuffer = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const asReceived = (bytes: Buffer): Buffer => bytes;

/** The gRPC layer on top of @grpc/grpc-js, with messages as raw bytes. */
export class GrpcJsServer implements RpcServer {
  readonly #server: Server;
  readonly #injector: ReturnType<Server["createConnectionInjector"]>;
  readonly #onDefect: RpcServerOptions["onDefect"];

  constructor({ methods, limits, onDefect }: RpcServerOptions) {
    this.#onDefect = onDefect;
    this.#server = new Server({
      "grpc.max_receive_message_length": limits.requestBytesMax,
      "grpc.max_send_message_length": -1,
      "grpc.max_concurrent_streams": limits.streamsPerConnectionMax,
      "grpc.keepalive_time_ms": KEEPALIVE_TIME_MS,
      "grpc.keepalive_timeout_ms": KEEPALIVE_TIMEOUT_MS,
      "grpc-node.flow_control_window": FLOW_CONTROL_WINDOW_BYTES,
      "grpc.enable_channelz": 0,
    });
    for (const method of methods) {
      if (method.kind === "unary") this.#addUnary(method);
      else this.#addStream(method);
    }
    nameUnknownMethods(this.#server, methods);
    this.#injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
  }

  serve(connection: Duplex): void {
    this.#injector.injectConnection(connection);
  }

  close(graceMs: number): Promise<void> {
    this.#injector.destroy();
    return new Promise((resolve) => {
      const cut = setTimeout(() => this.#server.forceShutdown(), graceMs);
      this.#server.tryShutdown(() => {
        clearTimeout(cut);
        resolve();
      });
    });
  }

  #addUnary(method: UnaryMethod): void {
    const handler: handleUnaryCall<Buffer, Uint8Array> = (call, callback) => {
      const context = new GrpcJsCallContext(method.path, call);
      const succeed = (answer: Uint8Array): void => {
        context.finish();
        callback(null, answer);
      };
      const fail = (error: unknown): void => {
        context.finish();
        const { code, message } = this.#asRpcError(method.path, error);
        callback({ code, details: message });
      };
      try {
        const answer = method.handle(call.request, context);
        if (answer instanceof Uint8Array) succeed(answer);
        else answer.then(succeed, fail);
      } catch (error) {
        fail(error);
      }
    };
    this.#server.register(method.path, handler, asBuffer, asReceived, "unary");
  }

  #addStream(method: StreamMethod): void {
    const open = (stream: GrpcJsStream): void => {
      try {
        method.open(stream);
      } catch (error) {
        stream.fail(this.#asRpcError(method.path, error));
      }
    };
    if (method.singleRequest) {
      const handler = (call: ServerWritableStream<Buffer, Uint8Array>): void =>
        open(new GrpcJsStream(method.path, { kind: "serverStream", call }));
      this.#server.register(method.path, handler, asBuffer, asReceived, "serverStream");
    } else {
      const handler = (call: ServerDuplexStream<Buffer, Uint8Array>): void =>
        open(new GrpcJsStream(method.path, { kind: "bidi", call }));
      this.#server.register(method.path, handler, asBuffer, asReceived, "bidi");
    }
  }

  #asRpcError(path: string, error: unknown): RpcError {
    if (error instanceof RpcError) return error;
    this.#onDefect(path, error);
    return new RpcError(STATUS.INTERNAL, "internal error");
  }
}
