import type { Compare, KvCommand, RangeRequest, TxnOperation, TxnRequest } from "@quorate/kv";
import { bytesOf, type ReferenceStore } from "../oracles/reference-store.ts";
import type { Random } from "../random/random.ts";

/** Few keys, so that commands meet; in order, so that ranges hold some of them. */
const KEYS = ["a", "b", "c", "d", "e", "f"] as const;
/** Leases that come and go under few numbers; beyond 2^53, where doubles meet their neighbours. */
const FIRST_LEASE = 9_007_199_254_740_993n;
const LEASES = 4;
const TTL_SECONDS = 600;

/** Transactions within transactions. */
const DEPTH_MAX = 2;

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
        return { type: "deleteRange", key: this.#key(), prevKv: this.#random.chance(0.3) };
      case 2:
        return { type: "deleteRange", ...this.#interval(), prevKv: this.#random.chance(0.3) };
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
    const put = { type: "put", key, value: bytesOf(`v${this.#values}`), lease, prevKv } as const;
    switch (this.#random.weighted([10, 1, 1])) {
      case 1:
        return { ...put, value: new Uint8Array(0), ignoreValue: true };
      case 2:
        return { ...put, lease: 0n, ignoreLease: true };
      default:
        return put;
    }
  }

  /** Up to `back` revisions before the newest, sometimes one that does not exist yet. */
  #revision(back: number): number {
    return Math.max(1, this.#reference.revision + 1 - this.#random.integer(back + 2));
  }

  #interval(): { readonly key: Uint8Array; readonly rangeEnd: Uint8Array } {
    const [from, to] = this.#random.sample([...KEYS, "g"], 2).sort() as [string, string];
    return { key: bytesOf(from), rangeEnd: bytesOf(to) };
  }

  /** Every key is written at most once: etcd refuses anything else before it is proposed. */
  #transaction(keys: readonly string[] = KEYS, depth: number = 0): TxnRequest {
    const count = this.#random.pick([0, 1, 1, 2]);
    const compare = Array.from({ length: count }, () => this.#compare());
    return {
      type: "txn",
      compare,
      success: this.#branch(keys, depth),
      failure: this.#branch(keys, depth),
    };
  }

  #compare(): Compare {
    const keys = this.#random.chance(0.25) ? this.#interval() : { key: this.#key() };
    const result = this.#random.pick(["equal", "notEqual", "less", "greater"] as const);
    const target = this.#random.pick(["version", "mod", "create", "value", "lease"] as const);
    switch (target) {
      case "version":
        return { ...keys, target, result, operand: this.#random.integer(3) };
      case "value": {
        const operand = bytesOf(`v${this.#random.integer(this.#values + 1)}`);
        return { ...keys, target, result, operand };
      }
      case "lease":
        return { ...keys, target, result, operand: this.#random.chance(0.5) ? 0n : this.lease() };
      default:
        return { ...keys, target, result, operand: this.#revision(6) };
    }
  }

  #branch(from: readonly string[], depth: number): TxnOperation[] {
    const keys = this.#random.sample(from, this.#random.between(1, Math.min(4, from.length)));
    const rest = from.filter((key) => !keys.includes(key));
    const operations = keys.map((key): TxnOperation => {
      switch (this.#random.weighted([4, 2, 2, 2])) {
        case 0:
          return this.#put(this.#random.chance(0.4), bytesOf(key));
        case 1:
          return { type: "deleteRange", key: bytesOf(key), prevKv: this.#random.chance(0.3) };
        case 2:
          return { type: "range", key: bytesOf(key) };
        default:
          return this.#range();
      }
    });
    if (depth < DEPTH_MAX && rest.length > 0 && this.#random.chance(0.25)) {
      const place = this.#random.integer(operations.length + 1);
      operations.splice(place, 0, this.#transaction(rest, depth + 1));
    }
    return operations;
  }

  /** A range with some of everything that can be asked of one. */
  #range(): RangeRequest {
    const random = this.#random;
    const revision = random.chance(0.5) ? this.#revision(5) : 0;
    const bound = (): number => (random.chance(0.15) ? this.#revision(10) : 0);
    return {
      type: "range",
      ...(random.chance(0.3) ? { key: this.#key() } : this.#interval()),
      revision,
      limit: random.pick([0, 0, 1, 2, 3]),
      sortOrder: random.pick(["none", "none", "ascend", "descend"]),
      sortTarget: random.pick(["key", "key", "version", "create", "mod", "value"]),
      keysOnly: random.chance(0.1),
      countOnly: random.chance(0.1),
      minModRevision: bound(),
      maxModRevision: bound(),
      minCreateRevision: bound(),
      maxCreateRevision: bound(),
    };
  }
}
