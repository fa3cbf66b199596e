import {
  type LeaseKeepAliveRequestInit,
  type LeaseKeepAliveResponse,
  LeaseService,
} from "@quorate/protocol";
import { backoffMs, pause } from "../cluster/backoff.ts";
import type { Requests } from "../requests.ts";
import type { CallStream } from "../transport/call-stream.ts";
import type { Lease } from "./lease.ts";

/** Leases are extended this many times within their life, so that one lost request does not end them. */
const TIMES_PER_LIFE = 3;
/** No lease is extended more often. */
const EVERY_MS_MIN = 200;

type Stream = CallStream<LeaseKeepAliveRequestInit, LeaseKeepAliveResponse>;

interface Kept {
  readonly lease: Lease;
  readonly everyMs: number;
  /** When the newest request left; undefined while none is out. */
  sentAtMs: number | undefined;
  dueAtMs: number;
}

/** Keeps leases alive over one stream, which is opened again, elsewhere if need be, when it breaks or answers stay out. */
export class KeepAlive {
  readonly #requests: Requests;
  readonly #kept = new Map<bigint, Kept>();
  #running = false;
  #wake: AbortController = new AbortController();

  constructor(requests: Requests) {
    this.#requests = requests;
    requests.closed.addEventListener("abort", () => {
      for (const { lease } of this.#kept.values()) lease.watchExpiry();
      this.#kept.clear();
      this.#wake.abort();
    });
  }

  add(lease: Lease): void {
    const everyMs = Math.max(EVERY_MS_MIN, (lease.ttlSeconds * 1_000) / TIMES_PER_LIFE);
    this.#kept.set(lease.id, {
      lease,
      everyMs,
      sentAtMs: undefined,
      dueAtMs: performance.now() + everyMs,
    });
    lease.watchExpiry();
    this.#wake.abort();
    if (!this.#running) void this.#run();
  }

  remove(id: bigint): void {
    const lease = this.#kept.get(id)?.lease;
    if (lease === undefined) return;
    this.#kept.delete(id);
    if (this.#kept.size === 0) this.#wake.abort();
    lease.watchExpiry();
  }

  /** Opens one stream after the other as long as there is a lease to keep. */
  async #run(): Promise<void> {
    this.#running = true;
    let failures = 0;
    while (this.#kept.size > 0 && !this.#requests.closed.aborted) {
      let stream: Stream | undefined;
      try {
        await this.#sleepUntilDue();
        if (this.#kept.size === 0) break;
        stream = await this.#requests.openStream(LeaseService.leaseKeepAlive, undefined, {
          timeoutMs: this.#shortestMs(),
          signal: this.#requests.closed,
        });
        const answered = await this.#serve(stream);
        failures = answered ? 0 : failures + 1;
      } catch {
        // The leases themselves notice when nobody extends them in time.
        failures += 1;
      } finally {
        stream?.cancel();
      }
      if (failures > 0)
        await pause(Math.min(backoffMs(failures), this.#shortestMs()), this.#requests.closed);
    }
    this.#running = false;
  }

  /** Sends what is due until the stream ends or stays silent; resolves with whether it answered at all. */
  async #serve(stream: Stream): Promise<boolean> {
    let answered = false;
    let over = false;
    for (const kept of this.#kept.values()) kept.sentAtMs = undefined;
    const reading = (async () => {
      try {
        for (;;) {
          const response = await stream.next();
          if (response === undefined) return;
          answered = true;
          this.#take(response);
        }
      } catch {
        // Which error does not matter here: another stream is opened.
      } finally {
        over = true;
        this.#wake.abort();
      }
    })();
    while (!over && this.#kept.size > 0 && !this.#requests.closed.aborted) {
      if (this.#isSilent()) break;
      this.#sendDue(stream);
      await this.#sleepUntilDue();
    }
    stream.cancel();
    await reading;
    return answered && !this.#isSilent();
  }

  #sendDue(stream: Stream): void {
    const now = performance.now();
    for (const [id, kept] of this.#kept) {
      if (kept.dueAtMs > now) continue;
      kept.sentAtMs ??= now;
      kept.dueAtMs = now + kept.everyMs;
      stream.write({ id });
    }
  }

  #take({ id, ttl }: LeaseKeepAliveResponse): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    if (ttl <= 0) {
      this.#kept.delete(id);
      kept.lease.lose("The cluster no longer has the lease.");
      return;
    }
    if (kept.sentAtMs !== undefined) kept.lease.extended(kept.sentAtMs, ttl);
    kept.sentAtMs = undefined;
    kept.lease.watchExpiry();
  }

  /** A request without an answer for as long as the next is due: this member does not serve us. */
  #isSilent(): boolean {
    const now = performance.now();
    return [...this.#kept.values()].some(
      ({ sentAtMs, everyMs }) => sentAtMs !== undefined && now - sentAtMs >= everyMs,
    );
  }

  async #sleepUntilDue(): Promise<void> {
    this.#wake = new AbortController();
    const due = Math.min(...[...this.#kept.values()].map(({ dueAtMs }) => dueAtMs));
    const ms = Math.max(0, due - performance.now());
    if (ms > 0 && Number.isFinite(ms)) await pause(ms, this.#wake.signal);
  }

  #shortestMs(): number {
    return Math.max(
      EVERY_MS_MIN,
      Math.min(...[...this.#kept.values()].map(({ everyMs }) => everyMs)),
    );
  }
}
