import type { Duplex } from "node:stream";
import type { RpcMethod } from "./method.ts";

/** Limits of the gRPC layer. */
export interface RpcLimits {
  /** One received message, uncompressed; larger ones end the call with RESOURCE_EXHAUSTED. */
  readonly requestBytesMax: number;
  /** Calls that one connection may have open at the same time. */
  readonly streamsPerConnectionMax: number;
}

/**
 * Speaks gRPC on connections that somebody else accepted: the front that shares one port between gRPC and HTTP/1.
 * Services only see `RpcMethod`s, so that another implementation can take its place.
 */
export interface RpcServer {
  /** Takes over a connection on which HTTP/2 was agreed or has begun; it may hold unread bytes. */
  serve(connection: Duplex): void;
  /** Takes no new calls, lets running ones finish for `graceMs`, then cuts the rest. */
  close(graceMs: number): Promise<void>;
}

export interface RpcServerOptions {
  readonly methods: readonly RpcMethod[];
  readonly limits: RpcLimits;
  /** A handler threw something that is no `RpcError`: a bug worth a log line. The client gets INTERNAL. */
  readonly onDefect: (path: string, defect: unknown) => void;
}
