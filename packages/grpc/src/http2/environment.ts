import type { FieldClassifier, HeaderField } from "../hpack/header-field.ts";
import type { ConstantField } from "../hpack/hpack-encoder.ts";
import type { ChunkPool } from "./chunk-pool.ts";
import type { Http2Connection } from "./connection.ts";
import type { KeepaliveOptions } from "./keepalive.ts";
import type { ConnectionTimeouts, Http2Limits } from "./limits.ts";
import type { ProbeTimer } from "./probe-answers.ts";
import type { Http2Stream } from "./stream.ts";
import type { TurnEnd } from "./turn-end.ts";

/** A request's header list as it was received. */
export interface RequestHeaders {
  readonly streamId: number;
  readonly fields: readonly HeaderField[];
  /** Octets of the list as HTTP/2 counts them, without what was cut off. */
  readonly listBytes: number;
  /** The list was longer than allowed, and is cut off. */
  readonly overflowed: boolean;
  /** Nothing follows. */
  readonly endStream: boolean;
}

/** What the connections of one server share. */
export interface Http2Environment {
  readonly limits: Http2Limits;
  readonly timeouts: ConnectionTimeouts;
  readonly keepalive: KeepaliveOptions;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly pool: ChunkPool;
  readonly turnEnd: TurnEnd;
  readonly probeTimer: ProbeTimer;
  readonly classify: FieldClassifier;
  /** Response fields that every connection's encoder keeps in the client's table. */
  readonly constants: readonly ConstantField[];
  /** Opens a stream for a request; undefined when the request was answered or reset at once. */
  readonly openStream: (
    connection: Http2Connection,
    headers: RequestHeaders,
  ) => Http2Stream | undefined;
  /** Something was thrown that no input should cause: a bug worth a log line. */
  readonly onDefect: (where: string, defect: unknown) => void;
}
