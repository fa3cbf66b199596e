import { ClientError } from "../errors.ts";
import type { CallOptions } from "../requests.ts";

/** What a lease needs of whoever made it. */
export interface LeaseCare {
  revoke(options: CallOptions): Promise<void>;
  /** It is no longer to be kept alive. */
  forget(): void;
}

/**
 * A lease: keys attached to it live as long as it does. This side counts from the moment the last successful request for it
 * was *sent*, so it believes the lease lost before the cluster lets it end, as long as both clocks run at the same speed.
 */
export class Lease {
  readonly id: bigint;
  /** How long it lives without being kept alive, as the cluster granted it. */
  readonly ttlSeconds: number;
  readonly #care: LeaseCare;
  readonly #losing = new AbortController();
  #expiresAtMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #revoked = false;

  /** @internal Made by `Leases.grant`. */
  constructor(id: bigint, ttlSeconds: number, askedAtMs: number, care: LeaseCare) {
    this.id = id;
    this.ttlSeconds = ttlSeconds;
    this.#care = care;
    this.#expiresAtMs = askedAtMs + ttlSeconds * 1_000;
  }

  /** Aborted, with a LEASE_LOST as its reason, once the lease has ended or can no longer be relied on. */
  get lost(): AbortSignal {
    return this.#losing.signal;
  }

  /** For how long it can still be relied on, in milliseconds; 0 once it is lost. Right also when timers are late. */
  get remainingMs(): number {
    if (this.#losing.signal.aborted) return 0;
    return Math.max(0, this.#expiresAtMs - performance.now());
  }

  /** Ends it and deletes its keys. Safe to repeat. */
  async revoke(options: CallOptions = {}): Promise<void> {
    this.#revoked = true;
    this.#care.forget();
    clearTimeout(this.#timer);
    await this.#care.revoke(options);
    this.lose("The lease was revoked.");
  }

  /** Leaves it to end by itself. */
  stopKeepingAlive(): void {
    this.#care.forget();
  }

  /** @internal The cluster extended it on a request sent at that moment. */
  extended(sentAtMs: number, ttlSeconds: number): void {
    this.#expiresAtMs = Math.max(this.#expiresAtMs, sentAtMs + ttlSeconds * 1_000);
  }

  /** @internal Notices its end when nobody extends it. */
  watchExpiry(): void {
    if (this.#losing.signal.aborted || this.#revoked) return;
    clearTimeout(this.#timer);
    const leftMs = this.#expiresAtMs - performance.now();
    if (leftMs <= 0) {
      this.lose("The lease was not extended in time.");
      return;
    }
    this.#timer = setTimeout(() => this.watchExpiry(), Math.min(leftMs, TIMER_MS_MAX));
    this.#timer.unref();
  }

  /** @internal */
  lose(why: string): void {
    if (this.#losing.signal.aborted) return;
    clearTimeout(this.#timer);
    // First: whoever is told to forget it looks at its expiry once more, and would lose it again and again.
    this.#losing.abort(new ClientError("LEASE_LOST", why, { outcome: "notApplied" }));
    this.#care.forget();
  }
}

/** Timers of Node cannot be longer. */
const TIMER_MS_MAX = 2 ** 31 - 1;
