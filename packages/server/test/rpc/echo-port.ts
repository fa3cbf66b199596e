import { Client, credentials, type Metadata, type ServiceError } from "@grpc/grpc-js";
import { HttpRouter, sendText } from "../../src/http/router.ts";
import { SharedPort } from "../../src/net/shared-port.ts";
import type { RpcMethod } from "../../src/rpc/method.ts";
import type { RpcServer, RpcServerOptions } from "../../src/rpc/rpc-server.ts";

export const REQUEST_BYTES_MAX = 2_097_152;

/** A port that serves `methods` and one page, for tests of what lies below the services. */
export class EchoPort {
  readonly defects: unknown[] = [];
  readonly #rpc: RpcServer;
  readonly #shared: SharedPort;
  #port = 0;

  constructor(create: (options: RpcServerOptions) => RpcServer, methods: readonly RpcMethod[]) {
    const onDefect = (_: string, defect: unknown): void => {
      this.defects.push(defect);
    };
    this.#rpc = create({
      methods,
      limits: { requestBytesMax: REQUEST_BYTES_MAX, streamsPerConnectionMax: 1000 },
      onDefect,
    });
    const http = new HttpRouter({
      routes: [
        {
          path: "/page",
          methods: ["GET"],
          handle: (_, response) => sendText(response, 200, "a page\n"),
        },
        {
          path: "/defect",
          methods: ["GET"],
          handle: () => Promise.reject(new Error("planted")),
        },
      ],
      corsOrigins: ["*"],
      onDefect,
    });
    this.#shared = new SharedPort({ http1: http, http2: this.#rpc });
  }

  async listen(): Promise<this> {
    this.#port = await this.#shared.listen(
      { scheme: "http", host: "127.0.0.1", port: 0, text: "http://127.0.0.1:0" },
      "--test",
    );
    return this;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  client(): Client {
    return new Client(`127.0.0.1:${this.#port}`, credentials.createInsecure(), {
      "grpc.use_local_subchannel_pool": 1,
    });
  }

  async close(): Promise<void> {
    this.#shared.stopListening();
    await this.#rpc.close(0);
    this.#shared.destroyConnections();
  }
}

const same = (bytes: Buffer): Buffer => bytes;

/** One unary call with raw bytes; the error is the result when there is one. */
export function callUnary(
  client: Client,
  path: string,
  request: Uint8Array,
  metadata: Metadata,
  timeoutMs = 10_000,
): Promise<Buffer | ServiceError> {
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      path,
      same,
      same,
      Buffer.from(request),
      metadata,
      { deadline: Date.now() + timeoutMs },
      (error, answer) => resolve(error ?? answer ?? Buffer.alloc(0)),
    );
  });
}

export { same };
