import type { KeyValue } from "@quorate/protocol";
import { ClientError } from "../errors.ts";
import { toText } from "../keys/bytes.ts";
import type { Keyspace } from "../keys/keyspace.ts";
import { isMissing, isUnchanged } from "../keys/transaction-builder.ts";
import type { CallOptions } from "../requests.ts";
import type { WatchOptions } from "../watch/watch.ts";
import type { Codec } from "./codec.ts";

/** One value of a collection. */
export interface Item<Value> {
  /** Its name within the collection. */
  readonly id: string;
  readonly value: Value;
  /** The revision it was written at. */
  readonly revision: number;
  /** How often it was written since it was created. */
  readonly version: number;
}

/** How a value is written. */
export interface ItemOptions extends CallOptions {
  /** Only if nobody wrote it since this revision; 0: only if it does not exist. */
  readonly ifRevision?: number | undefined;
  /** It disappears with this lease. */
  readonly lease?: bigint | undefined;
}

/** A change of one value. */
export type ItemChange<Value> =
  | { readonly type: "put"; readonly item: Item<Value> }
  | { readonly type: "delete"; readonly id: string; readonly revision: number };

/** How often `update` tries when others write the same value. */
const UPDATE_ATTEMPTS_MAX = 100;

/** Values of one type under names, in a keyspace of their own. */
export class Collection<Value> {
  readonly #keys: Keyspace;
  readonly #codec: Codec<Value>;

  /** @internal Made by `Keyspace.collection`. */
  constructor(keys: Keyspace, codec: Codec<Value>) {
    this.#keys = keys;
    this.#codec = codec;
  }

  /** The value of that name, undefined when there is none. Rejects with UNDECODABLE when it cannot be read. */
  async get(id: string, options: CallOptions = {}): Promise<Item<Value> | undefined> {
    const kv = await this.#keys.find(id, options);
    return kv === undefined ? undefined : this.#item(kv);
  }

  /** Writes a value. Resolves with its revision, or with undefined when `ifRevision` was not what is stored. */
  async put(id: string, value: Value, options: ItemOptions = {}): Promise<number | undefined> {
    const { ifRevision, lease, ...call } = options;
    const bytes = this.#codec.encode(value);
    if (ifRevision === undefined) {
      return (await this.#keys.put(id, bytes, { ...call, lease })).header?.revision;
    }
    const condition = ifRevision === 0 ? isMissing(id) : isUnchanged(id, ifRevision);
    const { succeeded, revision } = await this.#keys
      .transact()
      .when(condition)
      .do({ type: "put", key: id, value: bytes, lease })
      .commit(call);
    return succeeded ? revision : undefined;
  }

  /** Deletes a value; resolves with whether there was one to delete. */
  async delete(
    id: string,
    options: CallOptions & { readonly ifRevision?: number | undefined } = {},
  ): Promise<boolean> {
    const { ifRevision, ...call } = options;
    if (ifRevision === undefined) return (await this.#keys.delete(id, call)).deleted > 0;
    const { succeeded } = await this.#keys
      .transact()
      .when(isUnchanged(id, ifRevision))
      .do({ type: "delete", key: id })
      .commit(call);
    return succeeded;
  }

  /**
   * Reads, changes and writes back, again as long as others get in between. `change` may return undefined to leave it as it
   * is; it may be called many times and must do nothing else.
   */
  async update(
    id: string,
    change: (value: Value | undefined) => Value | undefined,
    options: CallOptions = {},
  ): Promise<Item<Value> | undefined> {
    for (let attempt = 0; attempt < UPDATE_ATTEMPTS_MAX; attempt += 1) {
      const item = await this.get(id, options);
      const value = change(item?.value);
      if (value === undefined) return item;
      const ifRevision = item?.revision ?? 0;
      const revision = await this.put(id, value, { ...options, ifRevision });
      if (revision !== undefined) {
        return { id, value, revision, version: (item?.version ?? 0) + 1 };
      }
    }
    throw new ClientError(
      "OVERLOADED",
      `Others wrote "${id}" ${UPDATE_ATTEMPTS_MAX} times meanwhile.`,
      {
        outcome: "notApplied",
      },
    );
  }

  /** All values whose names begin with `prefix`, in the order of their names, as of one revision. */
  async *list(prefix = "", options: CallOptions = {}): AsyncGenerator<Item<Value>> {
    for await (const { kvs } of this.#keys.pages(prefix, { ...options, prefix: true })) {
      for (const kv of kvs) yield this.#item(kv);
    }
  }

  /** Changes of all values whose names begin with `prefix`. */
  async *watch(
    prefix = "",
    options: Pick<WatchOptions, "fromRevision" | "signal"> = {},
  ): AsyncGenerator<ItemChange<Value>> {
    for await (const { events } of this.#keys.watch(prefix, { ...options, prefix: true })) {
      for (const { type, kv } of events) {
        if (type === "put") yield { type, item: this.#item(kv) };
        else yield { type, id: toText(kv.key), revision: kv.modRevision };
      }
    }
  }

  #item(kv: KeyValue): Item<Value> {
    const id = toText(kv.key);
    try {
      const value = this.#codec.decode(kv.value);
      return { id, value, revision: kv.modRevision, version: kv.version };
    } catch (cause) {
      throw new ClientError("UNDECODABLE", `The value of "${id}" cannot be read by this codec.`, {
        outcome: "notApplied",
        cause,
      });
    }
  }
}
