import type { JsonObject } from "@quorate/protocol";
import type { ProgramRandom } from "./random.ts";

/** What a program knows about the store it works on, from the answers so far. */
export interface StoreView {
  revision: number;
  compacted: number;
}

/** Keys are few, so that requests meet; some stand at the edges of the order. */
const KEYS = ["a", "b", "c", "a/1", "a/2", "b\0", "\0", "\xff", "\xff\xff", "key", "key2"];
const ENDS = ["", "", "", "\0", "b", "c", "a0", "d", "\xff", "\xff\xff\xff", "a", "l"];
const VALUES = ["", "1", "2", "10", "x", "\0", "y".repeat(40)];
/** Leases programs name; some are never granted. */
export const LEASES = ["1", "2", "3", "-5", "9223372036854775807"];

export const SORT_ORDERS: readonly string[] = ["NONE", "ASCEND", "DESCEND"];
const SORT_TARGETS = ["KEY", "VERSION", "CREATE", "MOD", "VALUE"];

export function base64(text: string): string {
  return Buffer.from(text, "latin1").toString("base64");
}

/** The JSON form of requests of the key-value service. Values at their default are mostly left out, sometimes written. */
export class Requests {
  readonly #random: ProgramRandom;
  readonly #view: StoreView;
  /**
   * A put that keeps the value of a key which a deletion without end removes in the same transaction ends etcd's process.
   * A transaction here has one or the other.
   */
  #deletesWithoutEnd = false;

  constructor(random: ProgramRandom, view: StoreView) {
    this.#random = random;
    this.#view = view;
  }

  key(): string {
    return base64(this.#random.chance(0.02) ? "" : this.#random.pick(KEYS));
  }

  interval(): { readonly key: string; readonly range_end?: string } {
    const end = this.#random.pick(ENDS);
    return end === "" ? { key: this.key() } : { key: this.key(), range_end: base64(end) };
  }

  value(): string {
    return base64(this.#random.pick(VALUES));
  }

  lease(): string {
    return this.#random.pick(LEASES);
  }

  /** Around the edges: nothing, negative, compacted, current, future. */
  revision(): string {
    const { revision, compacted } = this.#view;
    const random = this.#random;
    const edge = random.pick([
      0,
      0,
      0,
      -1,
      compacted - 1,
      compacted,
      compacted + 1,
      revision,
      revision + 1,
    ]);
    if (random.chance(0.5)) return String(edge);
    return String(compacted + random.below(Math.max(1, revision - compacted + 1)));
  }

  range(): JsonObject {
    const random = this.#random;
    const request: Record<string, string | boolean> = { ...this.interval() };
    if (random.chance(0.4)) request["revision"] = this.revision();
    if (random.chance(0.4)) request["limit"] = random.pick(["0", "1", "2", "3", "100", "-1"]);
    if (random.chance(0.5)) request["sort_order"] = random.pick(SORT_ORDERS);
    if (random.chance(0.5)) request["sort_target"] = random.pick(SORT_TARGETS);
    if (random.chance(0.15)) request["keys_only"] = true;
    if (random.chance(0.1)) request["count_only"] = true;
    if (random.chance(0.3)) request["serializable"] = true;
    for (const bound of [
      "min_mod_revision",
      "max_mod_revision",
      "min_create_revision",
      "max_create_revision",
    ]) {
      if (random.chance(0.1)) request[bound] = this.revision();
    }
    return request;
  }

  put(): JsonObject {
    const random = this.#random;
    const request: Record<string, string | boolean> = { key: this.key() };
    if (random.chance(0.9)) request["value"] = this.value();
    if (random.chance(0.3)) request["lease"] = this.lease();
    if (random.chance(0.3)) request["prev_kv"] = true;
    if (random.chance(0.08)) request["ignore_value"] = true;
    if (request["ignore_value"] === true && random.chance(0.7)) delete request["value"];
    if (random.chance(0.08)) request["ignore_lease"] = true;
    if (request["ignore_lease"] === true && random.chance(0.7)) delete request["lease"];
    return request;
  }

  deleteRange(): JsonObject {
    const request: Record<string, string | boolean> = { ...this.interval() };
    if (this.#random.chance(0.5)) request["prev_kv"] = true;
    return request;
  }

  txn(depth = 0): JsonObject {
    const random = this.#random;
    if (depth === 0 && random.chance(0.01)) return this.#longTxn();
    if (depth === 0) this.#deletesWithoutEnd = random.chance(0.5);
    const operations = (): JsonObject[] => random.list(0, 3, () => this.#operation(depth));
    return {
      compare: random.list(0, random.chance(0.5) ? 1 : 3, () => this.#compare()),
      success: operations(),
      failure: operations(),
    };
  }

  /** Around the limit of operations. */
  #longTxn(): JsonObject {
    const count = this.#random.pick([127, 128, 129]);
    return {
      // Deletions of nothing: they count, and leave nothing behind.
      success: Array.from({ length: count }, (_, at) => ({
        request_delete_range: { key: base64(`many/${at}`) },
      })),
      failure: this.#random.chance(0.5) ? [] : [{ request_txn: {} }],
    };
  }

  #operation(depth: number): JsonObject {
    const random = this.#random;
    const kind = random.below(20);
    if (kind === 0) return {};
    if (kind < 7) return { request_range: this.range() };
    if (kind < 13) return { request_put: this.#putInTxn() };
    if (kind < 17) return { request_delete_range: this.#deleteRangeInTxn() };
    return depth >= 2 ? { request_range: this.range() } : { request_txn: this.txn(depth + 1) };
  }

  #putInTxn(): JsonObject {
    const { ignore_value, ignore_lease, ...plain } = this.put();
    return this.#deletesWithoutEnd
      ? plain
      : withoutNothing({ ...plain, ignore_value, ignore_lease });
  }

  #deleteRangeInTxn(): JsonObject {
    const { range_end, ...single } = this.deleteRange();
    const isEndless = range_end === base64("\0");
    return isEndless && !this.#deletesWithoutEnd
      ? single
      : withoutNothing({ ...single, range_end });
  }

  #compare(): JsonObject {
    const random = this.#random;
    const target = random.pick(["VERSION", "CREATE", "MOD", "VALUE", "LEASE"]);
    const request: Record<string, string> = { ...this.interval(), target };
    if (random.chance(0.8))
      request["result"] = random.pick(["EQUAL", "GREATER", "LESS", "NOT_EQUAL"]);
    const operands: Readonly<Record<string, () => readonly [string, string]>> = {
      VERSION: () => ["version", String(random.below(4))],
      CREATE: () => ["create_revision", random.chance(0.5) ? "0" : this.revision()],
      MOD: () => ["mod_revision", random.chance(0.5) ? "0" : this.revision()],
      VALUE: () => ["value", this.value()],
      LEASE: () => ["lease", random.chance(0.5) ? "0" : this.lease()],
    };
    // Sometimes no operand, sometimes one of another target.
    const given = random.chance(0.9) ? target : random.pick(Object.keys(operands));
    const operand = operands[given]?.();
    if (operand !== undefined && random.chance(0.95)) request[operand[0]] = operand[1];
    return request;
  }
}

function withoutNothing(
  fields: Readonly<Record<string, JsonObject[string] | undefined>>,
): JsonObject {
  return JSON.parse(JSON.stringify(fields));
}
