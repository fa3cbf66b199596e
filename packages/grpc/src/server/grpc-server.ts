import type { Duplex } from "node:stream";
import type { CallEnvironment } from "../call/call-environment.ts";
import { CallOpener } from "../call/call-opener.ts";
import { DeadlineWheel } from "../call/deadline-wheel.ts";
import { headerKindOf } from "../call/header-kind.ts";
import type { RpcMethod } from "../call/method.ts";
import { PeerDirectory } from "../call/peer-identity.ts";
import { RESPONSE_CONSTANTS } from "../call/response.ts";
import { ChunkPool } from "../http2/chunk-pool.ts";
import type { Http2Environment } from "../http2/environment.ts";
import { DEFAULT_KEEPALIVE, type KeepaliveOptions } from "../http2/keepalive.ts";
import {
  type ConnectionTimeouts,
  DEFAULT_HTTP2_LIMITS,
  DEFAULT_TIMEOUTS,
  type Http2Limits,
} from "../http2/limits.ts";
import { ProbeTimer } from "../http2/probe-answers.ts";
import { TurnEnd } from "../http2/turn-end.ts";
import { type ServerClock, SYSTEM_CLOCK } from "./clock.ts";
import { type Http1Handler, Session } from "./session.ts";

/** gRPC's usual limit for one received message. */
export const DEFAULT_MAX_REQUEST_BYTES: number = 4 * 1024 * 1024;

/** How often connections are looked after; the precision of all connection time-outs. */
const TICK_MS = 1000;

/** What a server serves, and within which limits. */
export interface GrpcServerOptions {
  readonly methods: readonly RpcMethod[];
  /** One received message, uncompressed; larger ones end the call with RESOURCE_EXHAUSTED. 4 MiB unless given. */
  readonly maxRequestBytes?: number | undefined;
  /** What differs from `DEFAULT_HTTP2_LIMITS`. */
  readonly limits?: Partial<Http2Limits> | undefined;
  /** What differs from `DEFAULT_TIMEOUTS`. */
  readonly timeouts?: Partial<ConnectionTimeouts> | undefined;
  /** What differs from `DEFAULT_KEEPALIVE`. */
  readonly keepalive?: Partial<KeepaliveOptions> | undefined;
  /** A handler threw something that is no status, or this layer did: a bug worth a log line. The client gets INTERNAL. */
  readonly onDefect?: ((where: string, defect: unknown) => void) | undefined;
  /** Every call's end, with its status, for metrics. */
  readonly onCallEnd?: ((path: string, code: number) => void) | undefined;
  /** For tests. */
  readonly clock?: ServerClock | undefined;
}

/**
 * Serves gRPC on sockets that somebody else accepted; `SharedPort` is such a somebody.
 *
 * All answers that are given during one event-loop turn leave in one write per connection when the
 * turn ends. Nothing a client sends can throw out of here.
 */
export class GrpcServer {
  readonly #clock: ServerClock;
  readonly #environment: Http2Environment;
  readonly #sessions: Set<Session> = new Set();
  #isTicking = false;
  #isClosing = false;
  #closed: (() => void)[] = [];

  /** @throws TypeError when a path is no `/service/method`, or is there twice. */
  constructor(options: GrpcServerOptions) {
    const clock = options.clock ?? SYSTEM_CLOCK;
    const onDefect = options.onDefect ?? (() => {});
    const calls: CallEnvironment = {
      ...indexMethods(options.methods),
      maxRequestBytes: options.maxRequestBytes ?? DEFAULT_MAX_REQUEST_BYTES,
      deadlines: new DeadlineWheel(clock.nowMs, clock.startTimer, (defect) =>
        onDefect("deadline", defect),
      ),
      peers: new PeerDirectory(),
      onDefect,
      onCallEnd: guarded(options.onCallEnd, onDefect),
    };
    const opener = new CallOpener(calls);
    this.#clock = clock;
    this.#environment = {
      limits: { ...DEFAULT_HTTP2_LIMITS, ...options.limits },
      timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
      keepalive: { ...DEFAULT_KEEPALIVE, ...options.keepalive },
      nowMs: clock.nowMs,
      pool: new ChunkPool(),
      turnEnd: new TurnEnd(),
      probeTimer: new ProbeTimer(clock.startTimer),
      classify: headerKindOf,
      constants: RESPONSE_CONSTANTS,
      openStream: (connection, headers) => opener.open(connection, headers),
      onDefect,
    };
  }

  /** Sockets being served. */
  get connectionCount(): number {
    return this.#sessions.size;
  }

  /** Calls that are open, over all connections. */
  get callCount(): number {
    let count = 0;
    for (const session of this.#sessions) count += session.connection?.streams.size ?? 0;
    return count;
  }

  /**
   * Serves a socket on which HTTP/2 was agreed or is expected; it may hold unread bytes, beginning
   * with the client's preface. One that begins otherwise goes to `onHttp1`, or is closed without it.
   */
  serve(socket: Duplex, onHttp1?: Http1Handler): void {
    if (this.#isClosing) {
      socket.destroy();
      return;
    }
    this.#sessions.add(new Session(socket, this.#environment, onHttp1, this.#forget));
    if (!this.#isTicking) this.#startTicking();
  }

  /**
   * Takes no new calls, lets running ones finish for `graceMs`, then ends the rest with UNAVAILABLE.
   * Resolves when every socket is closed.
   */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    for (const session of [...this.#sessions]) session.drain();
    if (this.#sessions.size === 0) return;
    this.#clock.startTimer(graceMs, () => {
      for (const session of [...this.#sessions]) session.shutDown();
    });
    await new Promise<void>((resolve) => this.#closed.push(resolve));
  }

  readonly #forget = (session: Session): void => {
    this.#sessions.delete(session);
    if (!this.#isClosing || this.#sessions.size > 0) return;
    for (const resolve of this.#closed) resolve();
    this.#closed = [];
  };

  #startTicking(): void {
    this.#isTicking = true;
    this.#clock.startTimer(TICK_MS, this.#tick);
  }

  readonly #tick = (): void => {
    const nowMs = this.#clock.nowMs();
    for (const session of [...this.#sessions]) {
      try {
        session.tick(nowMs);
      } catch (defect) {
        this.#environment.onDefect("tick", defect);
      }
    }
    this.#isTicking = false;
    if (this.#sessions.size > 0) this.#startTicking();
  };
}

/** What watches calls must not be able to break them. */
function guarded(
  onCallEnd: GrpcServerOptions["onCallEnd"],
  onDefect: (where: string, defect: unknown) => void,
): GrpcServerOptions["onCallEnd"] {
  if (onCallEnd === undefined) return undefined;
  return (path, code) => {
    try {
      onCallEnd(path, code);
    } catch (defect) {
      onDefect("onCallEnd", defect);
    }
  };
}

function indexMethods(methods: readonly RpcMethod[]): {
  readonly methods: ReadonlyMap<string, RpcMethod>;
  readonly services: ReadonlySet<string>;
} {
  const byPath = new Map<string, RpcMethod>();
  const services = new Set<string>();
  for (const method of methods) {
    const match = /^\/([^/]+)\/[^/]+$/.exec(method.path);
    if (match === null) throw new TypeError(`"${method.path}" is no /service/method`);
    if (byPath.has(method.path)) throw new TypeError(`"${method.path}" is there twice`);
    byPath.set(method.path, method);
    services.add(match[1] as string);
  }
  return { methods: byPath, services };
}
