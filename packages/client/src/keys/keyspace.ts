import {
  type DeleteRangeResponse,
  type KeyValue,
  KVService,
  type PutResponse,
  type RangeResponse,
  SortOrder,
  SortTarget,
  type TxnRequestInit,
  type TxnResponse,
} from "@quorate/protocol";
import type { Repeatable } from "../cluster/verdict.ts";
import { Campaign, type CampaignOptions, type Leadership } from "../coordination/election.ts";
import { acquireLock, type Lock, type LockOptions } from "../coordination/lock.ts";
import { ClientError } from "../errors.ts";
import type { Leases } from "../lease/leases.ts";
import type { CallOptions, Requests } from "../requests.ts";
import { openSession, type SessionOptions, type WriteSession } from "../session/write-session.ts";
import type { Codec } from "../values/codec.ts";
import { Collection } from "../values/collection.ts";
import { Watch, type WatchOptions } from "../watch/watch.ts";
import { type Bytes, toBytes } from "./bytes.ts";
import { type IntervalOptions, interval } from "./interval.ts";
import type { KeyPrefix } from "./key-prefix.ts";
import { type Page, type PageOptions, pages } from "./pages.ts";
import { type Operation, type Transaction, transactionRequest } from "./transaction.ts";
import { TransactionBuilder } from "./transaction-builder.ts";

/** How a key is set. */
export interface PutOptions extends CallOptions {
  /** Attach the key to this lease. */
  readonly lease?: bigint | undefined;
  /** Answer with the pair as it was before. */
  readonly prevKv?: boolean | undefined;
}

/** What is read, and how. */
export interface GetOptions extends CallOptions, IntervalOptions {
  /** At most this many pairs. */
  readonly limit?: number | undefined;
  /** As of this revision. */
  readonly revision?: number | undefined;
  /** Whatever the asked member has, without asking the others: fast, and possibly stale. */
  readonly serializable?: boolean | undefined;
  readonly keysOnly?: boolean | undefined;
  readonly countOnly?: boolean | undefined;
  readonly sort?: { readonly by: SortBy; readonly descending?: boolean | undefined } | undefined;
  /** Only pairs created, or last written, at revisions in these bounds, both inclusive. */
  readonly createdFrom?: number | undefined;
  readonly createdUpTo?: number | undefined;
  readonly modifiedFrom?: number | undefined;
  readonly modifiedUpTo?: number | undefined;
}

/** What pairs are sorted by. */
export type SortBy = "key" | "version" | "createRevision" | "modRevision" | "value";

/** What is deleted. */
export interface DeleteOptions extends CallOptions, IntervalOptions {
  /** Answer with the deleted pairs. */
  readonly prevKv?: boolean | undefined;
}

const SORT_TARGETS: Readonly<Record<SortBy, SortTarget>> = {
  key: SortTarget.KEY,
  version: SortTarget.VERSION,
  createRevision: SortTarget.CREATE,
  modRevision: SortTarget.MOD,
  value: SortTarget.VALUE,
};

/** Keys and what can be done with them: all of a cluster's, or those below a prefix, which then nobody sees. */
export class Keyspace {
  /** @internal */
  protected readonly requests: Requests;
  readonly #leases: Leases;
  readonly #prefix: KeyPrefix;

  /** @internal Made by `Client` and `namespace`. */
  constructor(requests: Requests, leases: Leases, prefix: KeyPrefix) {
    this.requests = requests;
    this.#leases = leases;
    this.#prefix = prefix;
  }

  /** @internal What a call has without a time of its own. */
  get timeoutMs(): number {
    return this.requests.timeoutMs;
  }

  /** The keys below a prefix, as a keyspace of its own: keys, watches, locks and elections are all relative to it. */
  namespace(prefix: Bytes): Keyspace {
    return new Keyspace(this.requests, this.#leases, this.#prefix.below(toBytes(prefix)));
  }

  /** Values of one type below a prefix, written and read through a codec. */
  collection<Value>(prefix: Bytes, codec: Codec<Value>): Collection<Value> {
    return new Collection(this.namespace(prefix), codec);
  }

  /** Sets a key. Its answer's `header.revision` is the revision it was set at. */
  async put(key: Bytes, value: Bytes, options: PutOptions = {}): Promise<PutResponse> {
    const bytes = toBytes(key);
    const request = {
      // An empty key is left to the cluster to refuse, also within a namespace.
      key: bytes.length === 0 ? bytes : this.#prefix.key(bytes),
      value: toBytes(value),
      lease: options.lease,
      prevKv: options.prevKv,
    };
    const route = { ...options, preference: "leader" } as const;
    const answer = await this.requests.call(KVService.put, request, "write", route);
    return { ...answer, prevKv: this.#prefix.maybePair(answer.prevKv) };
  }

  /** Reads a key, or many. Sees everything that was acknowledged before, unless `serializable` or `revision` say otherwise. */
  async get(key: Bytes, options: GetOptions = {}): Promise<RangeResponse> {
    const { sort } = options;
    const request = {
      ...this.#prefix.interval(interval(key, options)),
      limit: options.limit,
      revision: options.revision,
      serializable: options.serializable,
      keysOnly: options.keysOnly,
      countOnly: options.countOnly,
      minCreateRevision: options.createdFrom,
      maxCreateRevision: options.createdUpTo,
      minModRevision: options.modifiedFrom,
      maxModRevision: options.modifiedUpTo,
      sortTarget: SORT_TARGETS[sort?.by ?? "key"],
      sortOrder:
        sort === undefined
          ? SortOrder.NONE
          : sort.descending === true
            ? SortOrder.DESCEND
            : SortOrder.ASCEND,
    };
    // A stale read stays with one member: another may be further behind.
    const preference = options.serializable === true ? "same" : "spread";
    const route = { ...options, preference } as const;
    return this.#prefix.range(await this.requests.call(KVService.range, request, "read", route));
  }

  /** The newest pair of one key, undefined when there is none. */
  async find(
    key: Bytes,
    options: Omit<GetOptions, keyof IntervalOptions> = {},
  ): Promise<KeyValue | undefined> {
    return (await this.get(key, options)).kvs[0];
  }

  /** All pairs of an interval, page by page in the order of keys, all as of one revision. */
  pages(key: Bytes, options: PageOptions = {}): AsyncGenerator<Page> {
    return pages((from, how) => this.get(from, how), key, options);
  }

  /** Deletes a key, or many. `deleted` says how many there were. */
  async delete(key: Bytes, options: DeleteOptions = {}): Promise<DeleteRangeResponse> {
    const where = this.#prefix.interval(interval(key, options));
    const request = { ...where, prevKv: options.prevKv };
    const route = { ...options, preference: "leader" } as const;
    const answer = await this.requests.call(KVService.deleteRange, request, "write", route);
    return this.#prefix.deleted(answer);
  }

  /** If all conditions hold, runs `then`, otherwise `otherwise`; atomically, at one revision. */
  transaction(transaction: Transaction, options: CallOptions = {}): Promise<TxnResponse> {
    const operations: readonly Operation[] = [
      ...(transaction.then ?? []),
      ...(transaction.otherwise ?? []),
    ];
    const repeatable = operations.every(({ type }) => type === "get") ? "read" : "write";
    return this.rawTransaction(transactionRequest(transaction), repeatable, options);
  }

  /** The same, step by step and with typed answers. */
  transact(): TransactionBuilder {
    return new TransactionBuilder(
      (transaction, options) => this.transaction(transaction, options),
      [],
      [],
      [],
    );
  }

  /** A transaction as the cluster takes it, with the keys of this keyspace. `identified`: sending it again does nothing. */
  async rawTransaction(
    request: TxnRequestInit,
    repeatable: Repeatable,
    options: CallOptions = {},
  ): Promise<TxnResponse> {
    const route = { ...options, preference: "leader" } as const;
    const sent = this.#prefix.transaction(request);
    return this.#prefix.answers(await this.requests.call(KVService.txn, sent, repeatable, route));
  }

  /** Everything that changes from now on, or from a revision on, without gap or repetition, whatever member dies. */
  watch(key: Bytes, options: WatchOptions = {}): Watch {
    const where = this.#prefix.interval(interval(key, options));
    return new Watch(this.requests, this.#prefix, where, options);
  }

  /** Waits until nobody else holds the lock of this name, and takes it. Its `token` grows from holder to holder. */
  lock(name: Bytes, options: LockOptions = {}): Promise<Lock> {
    return acquireLock(this, this.#leases, toBytes(name), options);
  }

  /** Holds the lock while `work` runs. Rejects with what `work` rejects with; `lost` is aborted when the lock is gone before. */
  async withLock<Result>(
    name: Bytes,
    work: (lock: Lock) => Promise<Result>,
    options: LockOptions = {},
  ): Promise<Result> {
    const lock = await this.lock(name, options);
    try {
      return await work(lock);
    } finally {
      await lock.release();
    }
  }

  /** Waits to be elected under a name, and leads then, with `value` for everybody to see. */
  campaign(name: Bytes, value: Bytes, options: CampaignOptions = {}): Promise<Leadership> {
    return this.#elections(name).run(toBytes(value), options);
  }

  /** Who leads under a name: the pair that the leader wrote, undefined when nobody does. */
  electedLeader(name: Bytes, options: CallOptions = {}): Promise<KeyValue | undefined> {
    return this.#elections(name).leader(options);
  }

  /** Every leader under a name from now on, and every value they proclaim. */
  observeLeader(
    name: Bytes,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<KeyValue> {
    return this.#elections(name).observe(options.signal);
  }

  /** A session in which every write is applied exactly once, also when its answer is lost and it is sent again. */
  openSession(options: SessionOptions = {}): Promise<WriteSession> {
    return openSession(this, this.#leases, options);
  }

  #elections(name: Bytes): Campaign {
    const bytes = toBytes(name);
    if (bytes.length === 0) {
      throw new ClientError("INVALID_ARGUMENT", "An election needs a name.", {
        outcome: "notApplied",
      });
    }
    return new Campaign(this, this.#leases, bytes);
  }
}
