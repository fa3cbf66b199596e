import type { Server } from "@grpc/grpc-js";
import type { RpcMethod } from "../method.ts";
import { STATUS } from "../status.ts";

/** What a client is told when it calls something that does not exist; clients probe for features this way. */
export function unknownMethodText(path: string, methods: readonly RpcMethod[]): string {
  const [, service = "", method = ""] = /^\/(.*)\/([^/]*)$/.exec(path) ?? [];
  if (service === "") return `malformed method name: ${JSON.stringify(path)}`;
  return methods.some((known) => known.path.startsWith(`/${service}/`))
    ? `unknown method ${method} for service ${service}`
    : `unknown service ${service}`;
}

/**
 * Lets grpc-js answer unknown paths in these words. It has no hook for that, so its table of handlers is given a
 * fallback; if a later version keeps the table elsewhere, its own words stay.
 */
export function nameUnknownMethods(server: Server, methods: readonly RpcMethod[]): void {
  const handlers: unknown = Reflect.get(server, "handlers");
  if (!(handlers instanceof Map)) return;
  const known = handlers.get.bind(handlers);
  handlers.get = (path: string) =>
    known(path) ?? {
      type: "unary",
      path,
      serialize: (bytes: Buffer) => bytes,
      deserialize: (bytes: Buffer) => bytes,
      func: (_: unknown, callback: (error: { code: number; details: string }) => void) =>
        callback({ code: STATUS.UNIMPLEMENTED, details: unknownMethodText(path, methods) }),
    };
}
