import type { KeyValue, RangeResult, TxnOperation, TxnResult, WatchSource } from "@quorate/kv";
import { utf8 } from "@quorate/protocol";
import type { CallContext } from "../rpc/call.ts";
import { RpcError, STATUS } from "../rpc/status.ts";
import { KeyEvents } from "./key-events.ts";
import { freshLeaseId } from "./lease-id.ts";
import { answerOf, resultOf, type StoreAccess } from "./store-access.ts";
import type { CallerSource } from "./watch-service.ts";

/** A caller who brings no lease gets one of this length, which nobody keeps alive. */
const SESSION_TTL_SECONDS = 60;

const SLASH = 0x2f;

/** What locks and elections have in common: a queue of keys under one name, in the order of their creation. */
export class Recipes {
  readonly #store: StoreAccess;
  readonly #source: WatchSource;
  readonly #callers: CallerSource;

  constructor(store: StoreAccess, source: WatchSource, callers: CallerSource) {
    this.#store = store;
    this.#source = source;
    this.#callers = callers;
  }

  get store(): StoreAccess {
    return this.#store;
  }

  /** The lease given, or a fresh one. */
  async leaseFor(lease: bigint, call: CallContext): Promise<bigint> {
    if (lease !== 0n) return lease;
    const request = {
      type: "leaseGrant",
      id: freshLeaseId(),
      ttlSeconds: SESSION_TTL_SECONDS,
    } as const;
    return resultOf(await this.#store.propose(request, call), "leaseGrant").id;
  }

  async range(
    request: Omit<Extract<TxnOperation, { readonly type: "range" }>, "type">,
    call: CallContext,
  ): Promise<RangeResult> {
    const query = { type: "range", ...request } as const;
    return answerOf(await this.#store.query(query, "linearizable", call), "range");
  }

  /** Runs `then` if the key was created at `createRevision` (0: does not exist), otherwise `otherwise`. */
  async ifCreatedAt(
    key: Uint8Array,
    createRevision: number,
    then: readonly TxnOperation[],
    otherwise: readonly TxnOperation[],
    call: CallContext,
  ): Promise<TxnResult> {
    const request = {
      type: "txn",
      compare: [{ key, target: "create", result: "equal", operand: createRevision }],
      success: then,
      failure: otherwise,
    } as const;
    return resultOf(await this.#store.propose(request, call), "txn");
  }

  async deleteKey(key: Uint8Array, call: CallContext): Promise<number> {
    const result = await this.#store.propose({ type: "deleteRange", key }, call);
    return resultOf(result, "deleteRange").revision;
  }

  /** Resolves when no key of the queue is older than `createRevision`. */
  async waitForOlder(prefix: Uint8Array, createRevision: number, call: CallContext): Promise<void> {
    for (;;) {
      const { kvs, revision } = await this.range(
        {
          key: prefix,
          rangeEnd: prefixEnd(prefix),
          maxCreateRevision: createRevision - 1,
          sortTarget: "create",
          sortOrder: "descend",
          limit: 1,
        },
        call,
      );
      const [newest] = kvs;
      if (newest === undefined) return;
      await this.#waitForDeletion(newest, revision, call);
    }
  }

  events(
    key: Uint8Array,
    rangeEnd: Uint8Array | undefined,
    startRevision: number,
    call: CallContext,
  ): KeyEvents {
    return new KeyEvents(
      this.#source,
      { key, rangeEnd, startRevision },
      this.#callers.of(call),
      call,
    );
  }

  async #waitForDeletion(kv: KeyValue, revision: number, call: CallContext): Promise<void> {
    const events = this.events(kv.key, undefined, revision + 1, call);
    try {
      while ((await events.next()).kind !== "delete");
    } finally {
      events.close();
    }
  }
}

/** All keys of a queue begin with its name and a slash. */
export function queuePrefix(name: Uint8Array): Uint8Array {
  const prefix = new Uint8Array(name.length + 1);
  prefix.set(name);
  prefix[name.length] = SLASH;
  return prefix;
}

/** A participant's key: the queue's prefix and the lease in hexadecimal digits, as clients make it themselves. */
export function queueKey(name: Uint8Array, lease: bigint): Uint8Array {
  const prefix = queuePrefix(name);
  const digits = utf8(lease.toString(16));
  const key = new Uint8Array(prefix.length + digits.length);
  key.set(prefix);
  key.set(digits, prefix.length);
  return key;
}

/** A prefix here ends with a slash, so that its end is the same with the next character. */
export function prefixEnd(prefix: Uint8Array): Uint8Array {
  const end = prefix.slice();
  end[end.length - 1] = SLASH + 1;
  return end;
}

/** Failures of what a recipe is made of keep their text and lose their code: that is what clients know. */
export async function asRecipe<Answer>(run: () => Promise<Answer>): Promise<Answer> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof RpcError) || error.code === STATUS.CANCELLED) throw error;
    throw new RpcError(STATUS.UNKNOWN, error.message, { cause: error });
  }
}
