import type { Server } from "node:net";
import { ConfigError } from "../config/config-error.ts";
import type { Url } from "../config/url.ts";

/** What the server of `node:net` is told to listen at. */
export type ListenTarget =
  | { readonly host: string; readonly port: number }
  | { readonly path: string };

export function listenTarget(url: Url): ListenTarget {
  if (url.scheme === "unix" || url.scheme === "unixs") return { path: url.host };
  return { host: url.host, port: url.port };
}

/** Listens; resolves with the port, which matters when 0 was asked for. Rejects with `ConfigError`. */
export function startListening(server: Server, url: Url, flag: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      reject(
        new ConfigError(`Cannot listen at ${url.text} (${flag}): ${reason(error)}.`, {
          cause: error,
        }),
      );
    };
    server.once("error", failed);
    server.listen(listenTarget(url), () => {
      server.off("error", failed);
      // Errors of accepting (out of file descriptors) concern that connection only.
      server.on("error", () => {});
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

function reason(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "EADDRINUSE":
      return "the address is already in use";
    case "EADDRNOTAVAIL":
      return "this machine has no such address";
    case "EACCES":
      return "the system does not permit it";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "the host name is not known";
    default:
      return error.message;
  }
}
