import type { RpcMethod } from "../../src/call/method.ts";
import { GrpcServer, type GrpcServerOptions } from "../../src/server/grpc-server.ts";
import { fixture } from "./fixtures.ts";
import type { RunningServer } from "./reference-server.ts";
import { SharedPort, type SharedPortOptions } from "./shared-port.ts";

export const MUTUAL_TLS = {
  key: fixture("server.key"),
  cert: fixture("server.pem"),
  ca: fixture("ca.pem"),
  requestCert: true,
  rejectUnauthorized: true,
} as const;

/** Our server on a port of its own. */
export async function startOwn(
  methods: readonly RpcMethod[],
  options: Partial<GrpcServerOptions> & Pick<SharedPortOptions, "http1"> & { tls?: boolean } = {},
): Promise<RunningServer & { readonly grpc: GrpcServer }> {
  const grpc = new GrpcServer({ methods, ...options });
  const port = await SharedPort.listen({
    grpc,
    host: "127.0.0.1",
    port: 0,
    http1: options.http1,
    tls: options.tls === true ? MUTUAL_TLS : undefined,
  });
  return {
    grpc,
    port: port.port,
    stop: async () => {
      port.close();
      await grpc.close(0);
    },
  };
}
