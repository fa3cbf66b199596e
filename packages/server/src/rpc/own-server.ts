import type { Duplex } from "node:stream";
import { GrpcServer } from "@quorate/grpc";
import type { RpcServer, RpcServerOptions } from "./rpc-server.ts";

/** The gRPC layer of this project. */
export class OwnRpcServer implements RpcServer {
  readonly #server: GrpcServer;

  constructor({ methods, limits, onDefect }: RpcServerOptions) {
    this.#server = new GrpcServer({
      methods,
      maxRequestBytes: limits.requestBytesMax,
      limits: { maxConcurrentStreams: limits.streamsPerConnectionMax },
      onDefect,
    });
  }

  serve(connection: Duplex): void {
    this.#server.serve(connection);
    // Whoever looked at the first bytes has paused it.
    connection.resume();
  }

  close(graceMs: number): Promise<void> {
    return this.#server.close(graceMs);
  }
}
