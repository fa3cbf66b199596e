import type { ByteSink } from "./frame-writer.ts";

/** What a connection needs of a socket; `node:net` and `node:tls` sockets are such, and tests bring their own. */
export interface ConnectionSocket extends ByteSink {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  pause(): unknown;
  resume(): unknown;
  /** Closes in order: what was written is sent first. */
  end(): unknown;
  /** Closes now. */
  destroy(): unknown;
}
