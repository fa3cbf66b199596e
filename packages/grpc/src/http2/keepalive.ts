/** Rules for PINGs in both directions. Milliseconds. */
export interface KeepaliveOptions {
  /** A client that pings more often is warned off with GOAWAY "too_many_pings". */
  readonly minClientPingIntervalMs: number;
  /** Whether a client without an open call may ping that often too; otherwise once in two hours. */
  readonly allowPingsWithoutCalls: boolean;
  /** A connection on which nothing came for so long is asked whether it still lives. */
  readonly pingAfterIdleMs: number;
  /** How long the answer may take before the connection is closed. */
  readonly pingTimeoutMs: number;
}

/** The rules that clients of etcd are used to. */
export const DEFAULT_KEEPALIVE: KeepaliveOptions = {
  minClientPingIntervalMs: 5_000,
  allowPingsWithoutCalls: false,
  pingAfterIdleMs: 2 * 60 * 60 * 1000,
  pingTimeoutMs: 20_000,
};

/** Least time between two pings of a client without calls, where these are not allowed. */
const IDLE_CLIENT_PING_INTERVAL_MS = 2 * 60 * 60 * 1000;

/** Pings that come too early and are let pass: clocks differ, and pings bunch up on the way. */
const MAX_PING_STRIKES = 2;

/** Judges the client's pings: gRPC's rules for keepalive, server side. */
export class PingJudge {
  readonly #options: KeepaliveOptions;
  #lastPingMs = Number.NEGATIVE_INFINITY;
  #strikes = 0;
  #forgiven = false;

  constructor(options: KeepaliveOptions) {
    this.#options = options;
  }

  /** We sent headers or data: the next ping may be a bandwidth probe, and starts a new count. */
  forgive(): void {
    this.#forgiven = true;
  }

  /** Whether the next ping may be a bandwidth probe. */
  get expectsProbe(): boolean {
    return this.#forgiven;
  }

  /** Counts a ping; false when it is one too many. */
  accepts(nowMs: number, hasCalls: boolean): boolean {
    const sinceLastMs = nowMs - this.#lastPingMs;
    this.#lastPingMs = nowMs;
    if (this.#forgiven) {
      this.#forgiven = false;
      this.#strikes = 0;
      return true;
    }
    const leastMs =
      hasCalls || this.#options.allowPingsWithoutCalls
        ? this.#options.minClientPingIntervalMs
        : IDLE_CLIENT_PING_INTERVAL_MS;
    if (sinceLastMs < leastMs) this.#strikes += 1;
    return this.#strikes <= MAX_PING_STRIKES;
  }
}

/** What to do about a connection's silence. */
export type IdleVerdict = "fine" | "ping" | "dead";

/** Watches for silence: asks with a PING first, and gives the connection up when nothing comes. */
export class IdleWatch {
  readonly #options: KeepaliveOptions;
  #lastReceivedMs: number;
  #pingedAtMs = -1;

  constructor(options: KeepaliveOptions, nowMs: number) {
    this.#options = options;
    this.#lastReceivedMs = nowMs;
  }

  received(nowMs: number): void {
    this.#lastReceivedMs = nowMs;
    this.#pingedAtMs = -1;
  }

  check(nowMs: number): IdleVerdict {
    if (this.#pingedAtMs >= 0) {
      return nowMs - this.#pingedAtMs >= this.#options.pingTimeoutMs ? "dead" : "fine";
    }
    if (nowMs - this.#lastReceivedMs < this.#options.pingAfterIdleMs) return "fine";
    this.#pingedAtMs = nowMs;
    return "ping";
  }
}
