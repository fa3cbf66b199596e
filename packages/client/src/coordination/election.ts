import type { KeyValue } from "@quorate/protocol";
import { ClientError } from "../errors.ts";
import { type Bytes, prefixEnd, toBytes } from "../keys/bytes.ts";
import type { Keyspace } from "../keys/keyspace.ts";
import { type Condition, transactionRequest } from "../keys/transaction.ts";
import type { Leases } from "../lease/leases.ts";
import type { CallOptions } from "../requests.ts";
import { queuePrefix } from "./queue-place.ts";
import { type Turn, type TurnOptions, takeTurn } from "./turn.ts";

/** How to stand for election. Without `timeoutMs` it waits as long as it takes. */
export interface CampaignOptions extends TurnOptions {}

/**
 * A leadership that was won. As with a lock, a leader that was paused may believe in it too long: act on the world only with
 * `token`, on keys of the same cluster only under the condition `held`.
 */
export class Leadership {
  readonly #turn: Turn;
  readonly #keys: Keyspace;

  /** @internal Made by `Keyspace.campaign`. */
  constructor(keys: Keyspace, turn: Turn) {
    this.#keys = keys;
    this.#turn = turn;
  }

  /** The key that stands for the leadership; its value is what the leader says. */
  get key(): Uint8Array {
    return this.#turn.place.key;
  }

  /** The fencing token: greater than that of every leader before. */
  get token(): number {
    return this.#turn.place.token;
  }

  /** Holds as long as the leadership does, as a condition of transactions. */
  get held(): Condition {
    return this.#turn.place.held;
  }

  /** Aborted once the leadership can no longer be relied on. */
  get lost(): AbortSignal {
    return this.#turn.lease.lost;
  }

  /** Says something else. Rejects with LEASE_LOST when another leads. */
  async proclaim(value: Bytes, options: CallOptions = {}): Promise<void> {
    const { key } = this;
    const request = transactionRequest({
      if: [this.held],
      // biome-ignore lint/suspicious/noThenProperty: the word for a branch, on a value nobody awaits
      then: [{ type: "put", key, value: toBytes(value), lease: this.#turn.lease.id }],
    });
    // Putting the same value again under the same condition changes nothing that anybody could tell from the first time.
    const { succeeded } = await this.#keys.rawTransaction(request, "identified", options);
    if (!succeeded) {
      throw new ClientError("LEASE_LOST", "Somebody else leads.", { outcome: "notApplied" });
    }
  }

  /** Gives it up for the next one. Safe to repeat. */
  resign(options: CallOptions = {}): Promise<void> {
    return this.#turn.leave(options);
  }
}

/** The elections under one name. */
export class Campaign {
  readonly #keys: Keyspace;
  readonly #leases: Leases;
  readonly #name: Uint8Array;

  constructor(keys: Keyspace, leases: Leases, name: Uint8Array) {
    this.#keys = keys;
    this.#leases = leases;
    this.#name = name;
  }

  async run(value: Uint8Array, options: CampaignOptions): Promise<Leadership> {
    const turn = await takeTurn(this.#keys, this.#leases, this.#name, value, options);
    const leadership = new Leadership(this.#keys, turn);
    // A key that the lease had in this queue already still says what it said.
    if (options.lease !== undefined) await leadership.proclaim(value, options);
    return leadership;
  }

  async leader(options: CallOptions): Promise<KeyValue | undefined> {
    return (await this.#look(options)).leader;
  }

  async *observe(signal: AbortSignal | undefined): AsyncGenerator<KeyValue> {
    let said = 0;
    while (signal?.aborted !== true) {
      const found = await this.#look({ signal }).catch((error: unknown) => {
        if (signal?.aborted === true) return undefined;
        throw error;
      });
      if (found === undefined) return;
      let { leader, revision } = found;
      if (leader !== undefined && leader.modRevision > said) {
        said = leader.modRevision;
        yield leader;
      }
      const prefix = queuePrefix(this.#name);
      const watch = this.#keys.watch(prefix, {
        end: prefixEnd(prefix),
        fromRevision: revision + 1,
        signal,
      });
      try {
        for await (const batch of watch) {
          const seen: KeyValue | undefined = leader;
          const gone = batch.events.some(({ type, kv }) => type === "delete" && isSame(kv, seen));
          if (leader === undefined || gone) break;
          for (const { type, kv } of batch.events) {
            if (type !== "put" || !isSame(kv, leader)) continue;
            leader = kv;
            said = kv.modRevision;
            yield kv;
          }
          ({ revision } = batch);
        }
      } catch (error) {
        if (!(error instanceof ClientError) || error.code !== "COMPACTED") throw error;
      } finally {
        watch.close();
      }
    }
  }

  async #look(
    options: CallOptions,
  ): Promise<{ readonly leader: KeyValue | undefined; readonly revision: number }> {
    const prefix = queuePrefix(this.#name);
    const { kvs, header } = await this.#keys.get(prefix, {
      ...options,
      end: prefixEnd(prefix),
      sort: { by: "createRevision" },
      limit: 1,
    });
    return { leader: kvs[0], revision: header?.revision ?? 0 };
  }
}

function isSame(one: KeyValue, other: KeyValue | undefined): boolean {
  return other !== undefined && Buffer.compare(one.key, other.key) === 0;
}
