import {
  LockService as LockMethods,
  type LockRequest,
  type LockResponseInit,
  NO_BYTES,
  type UnlockResponseInit,
} from "@quorate/protocol";
import { type CallContext, DetachedCall } from "../rpc/call.ts";
import { RpcError, STATUS } from "../rpc/status.ts";
import { type ServiceMethod, unary } from "../rpc/typed-method.ts";
import { asRecipe, prefixEnd, queueKey, queuePrefix, type Recipes } from "./recipes.ts";

/** Locks kept by the server: whoever has the oldest key of the queue holds the lock, as long as the key's lease lives. */
export class LockService {
  readonly #recipes: Recipes;

  constructor(recipes: Recipes) {
    this.#recipes = recipes;
  }

  methods(): readonly ServiceMethod[] {
    return [
      unary(LockMethods.lock, (request, call) => asRecipe(() => this.#lock(request, call))),
      unary(LockMethods.unlock, ({ key }, call) => asRecipe(() => this.#unlock(key, call))),
    ];
  }

  async #lock({ name, lease }: LockRequest, call: CallContext): Promise<LockResponseInit> {
    const recipes = this.#recipes;
    const id = await recipes.leaseFor(lease, call);
    const key = queueKey(name, id);
    const prefix = queuePrefix(name);
    const oldest = {
      type: "range",
      key: prefix,
      rangeEnd: prefixEnd(prefix),
      sortTarget: "create",
      sortOrder: "ascend",
      limit: 1,
    } as const;
    const entered = await recipes.ifCreatedAt(
      key,
      0,
      [{ type: "put", key, value: NO_BYTES, lease: id }, oldest],
      [{ type: "range", key }, oldest],
      call,
    );
    const [own, first] = entered.responses;
    const known = own?.type === "range" ? own.kvs[0]?.createRevision : undefined;
    const createRevision = known ?? entered.revision;
    const owner = first?.type === "range" ? first.kvs[0] : undefined;
    if (owner === undefined || owner.createRevision === createRevision) {
      return { header: recipes.store.header(entered.revision), key };
    }
    return this.#waitForTurn(key, prefix, createRevision, call);
  }

  async #waitForTurn(
    key: Uint8Array,
    prefix: Uint8Array,
    createRevision: number,
    call: CallContext,
  ): Promise<LockResponseInit> {
    const recipes = this.#recipes;
    try {
      await recipes.waitForOlder(prefix, createRevision, call);
    } catch (error) {
      // Whoever gives up must not stand in the way of those behind.
      await recipes.deleteKey(key, new DetachedCall(call));
      throw error;
    }
    const { kvs, revision } = await recipes.range({ key }, call);
    if (kvs.length === 0) throw new RpcError(STATUS.UNKNOWN, "mutex: session is expired");
    return { header: recipes.store.header(revision), key };
  }

  async #unlock(key: Uint8Array, call: CallContext): Promise<UnlockResponseInit> {
    const revision = await this.#recipes.deleteKey(key, call);
    return { header: this.#recipes.store.header(revision) };
  }
}
