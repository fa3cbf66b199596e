import { type Client, ClientError } from "@quorate/client";
import { LeaseService } from "@quorate/protocol";

/** Renewals per lifetime: two may be lost. */
const RENEWALS_PER_LIFETIME = 3;

/** A lease that is kept alive until it is given up, or lost because nobody could be reached for its whole lifetime. */
export class HeldLease {
  readonly id: bigint;
  /** Resolves when it is gone although it was not given up. */
  readonly lost: Promise<void>;
  readonly #client: Client;
  readonly #ttlMs: number;
  #renewedAtMs: number = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #lose: () => void = () => {};

  private constructor(client: Client, id: bigint, ttlSeconds: number) {
    this.#client = client;
    this.id = id;
    this.#ttlMs = ttlSeconds * 1000;
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
    this.#schedule();
  }

  static async grant(client: Client, ttlSeconds: number): Promise<HeldLease> {
    const { id, ttl } = await client.call(LeaseService.leaseGrant, { ttl: ttlSeconds }, "write");
    return new HeldLease(client, id, ttl);
  }

  /** Ends the lease at once, so that nobody has to wait for it; without an answer it runs out by itself. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    try {
      await this.#client.call(LeaseService.leaseRevoke, { id: this.id }, "read");
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
    }
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#renew().then(
        (lives) => {
          if (lives) this.#schedule();
          else this.#lose();
        },
        () => {
          if (performance.now() - this.#renewedAtMs < this.#ttlMs) this.#schedule();
          else this.#lose();
        },
      );
    }, this.#ttlMs / RENEWALS_PER_LIFETIME);
  }

  async #renew(): Promise<boolean> {
    const sentAtMs = performance.now();
    const withinMs = this.#ttlMs / RENEWALS_PER_LIFETIME;
    const stream = await this.#client.openStream(LeaseService.leaseKeepAlive, undefined, {
      timeoutMs: withinMs,
    });
    const timer = setTimeout(() => stream.cancel(), withinMs);
    try {
      stream.write({ id: this.id });
      const answer = await stream.next();
      if (answer === undefined) throw new Error("no answer in time");
      if (answer.ttl > 0) this.#renewedAtMs = sentAtMs;
      return answer.ttl > 0;
    } finally {
      clearTimeout(timer);
      stream.cancel();
    }
  }
}
