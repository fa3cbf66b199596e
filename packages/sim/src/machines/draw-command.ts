import type { Compare, KvCommand, TxnOperation } from "@quorate/kv";
import { bytesOf, type ReferenceStore } from "../oracles/reference-store.ts";
import type { Random } from "../random/random.ts";

/** Few keys, so that commands meet; in order, so that ranges hold some of them. */
const KEYS = ["a", "b", "c", "d", "e", "f"] as const;
/** Leases that come and go under few numbers; beyond 2^53, where doubles meet their neighbours. */
const FIRST_LEASE = 9_007_199_254_740_993n;
const LEASES = 4;
const TTL_SECONDS = 600;

/** Draws commands for machines, also those that cannot be carried out. */
export class CommandDraw {
  #random: Random;
  readonly #reference: ReferenceStore;
  #values = 0;

  constructor(random: Random, reference: ReferenceStore) {
    this.#random = random;
    this.#reference = reference;
  }

  /** From now on commands are drawn from `random`. */
  drawFrom(random: Random): void {
    this.#random = random;
  }

  lease(): bigint {
    return FIRST_LEASE + BigInt(this.#random.integer(LEASES));
  }

  next(): KvCommand {
    switch (this.#random.weighted([5, 2, 2, 5, 1, 2, 2])) {
      case 0:
        return this.#put(this.#random.chance(0.5));
      case 1:
        return { type: "deleteRange", key: this.#key() };
      case 2: {
        const [from, to] = this.#random.sample(KEYS, 2).sort() as [string, string];
        return { type: "deleteRange", key: bytesOf(from), rangeEnd: bytesOf(to) };
      }
      case 3:
        return this.#transaction();
      case 4:
        return { type: "compact", revision: this.#revision(6) };
      case 5:
        return { type: "leaseGrant", id: this.lease(), ttlSeconds: TTL_SECONDS };
      default:
        return { type: "leaseRevoke", id: this.lease() };
    }
  }

  #key(): Uint8Array {
    return bytesOf(this.#random.pick(KEYS));
  }

  #put(leased: boolean, key: Uint8Array = this.#key()): Extract<KvCommand, { type: "put" }> {
    this.#values += 1;
    const lease = leased ? this.lease() : 0n;
    const prevKv = this.#random.chance(0.3);
    return { type: "put", key, value: bytesOf(`v${this.#values}`), lease, prevKv };
  }

  /** Up to `back` revisions before the newest, sometimes one that does not exist yet. */
  #revision(back: number): number {
    return Math.max(1, this.#reference.revision + 1 - this.#random.integer(back + 2));
  }

  /** Every key is written at most once: etcd refuses anything else before it is proposed. */
  #transaction(): KvCommand {
    const compare: Compare[] = this.#random.chance(0.5)
      ? [{ key: this.#key(), target: "version", result: "equal", operand: this.#random.integer(2) }]
      : [];
    return { type: "txn", compare, success: this.#branch(), failure: this.#branch() };
  }

  #branch(): TxnOperation[] {
    const keys = this.#random.sample(KEYS, this.#random.between(1, 4));
    return keys.map((key): TxnOperation => {
      switch (this.#random.weighted([4, 2, 2, 1])) {
        case 0:
          return this.#put(this.#random.chance(0.4), bytesOf(key));
        case 1:
          return { type: "deleteRange", key: bytesOf(key) };
        case 2:
          return { type: "range", key: bytesOf(key) };
        default:
          return {
            type: "range",
            key: bytesOf("a"),
            rangeEnd: bytesOf("z"),
            revision: this.#revision(5),
          };
      }
    });
  }
}
