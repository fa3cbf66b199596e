import type { KvEvent } from "@quorate/kv";
import {
  type CampaignRequest,
  type CampaignResponseInit,
  ElectionService as ElectionMethods,
  type LeaderKey,
  type LeaderRequest,
  LeaderResponse,
  type LeaderResponseInit,
  type ResponseHeaderInit,
} from "@quorate/protocol";
import { type CallContext, DetachedCall } from "../rpc/call.ts";
import type { RpcStream } from "../rpc/method.ts";
import { RpcError, STATUS } from "../rpc/status.ts";
import { type ServiceMethod, streaming, unary } from "../rpc/typed-method.ts";
import { requestFailure } from "./failure.ts";
import type { KeyEvents } from "./key-events.ts";
import { asRecipe, prefixEnd, queueKey, queuePrefix, type Recipes } from "./recipes.ts";
import { Drains } from "./snapshot-stream.ts";

interface Headed {
  readonly header: ResponseHeaderInit;
}

/** Elections among clients: whoever has the oldest key of the queue leads. */
export class ElectionService {
  readonly #recipes: Recipes;

  constructor(recipes: Recipes) {
    this.#recipes = recipes;
  }

  methods(): readonly ServiceMethod[] {
    return [
      unary(ElectionMethods.campaign, (request, call) =>
        asRecipe(() => this.#campaign(request, call)),
      ),
      unary(ElectionMethods.proclaim, ({ leader, value }, call) =>
        asRecipe(() => this.#proclaim(required(leader), value, call)),
      ),
      unary(ElectionMethods.leader, ({ name }, call) => asRecipe(() => this.#leader(name, call))),
      unary(ElectionMethods.resign, ({ leader }, call) =>
        asRecipe(() => this.#resign(required(leader), call)),
      ),
      streaming(ElectionMethods.observe, (stream) => this.#observe(stream), LeaderResponse),
    ];
  }

  async #campaign(
    { name, lease, value }: CampaignRequest,
    call: CallContext,
  ): Promise<CampaignResponseInit> {
    const recipes = this.#recipes;
    const id = await recipes.leaseFor(lease, call);
    const key = queueKey(name, id);
    const entered = await recipes.ifCreatedAt(
      key,
      0,
      [{ type: "put", key, value, lease: id }],
      [{ type: "range", key }],
      call,
    );
    const [own] = entered.responses;
    const known = own?.type === "range" ? own.kvs[0] : undefined;
    const rev = known?.createRevision ?? entered.revision;
    const leader = { name, key, rev, lease: id };
    if (known !== undefined && !sameBytes(known.value, value)) {
      await this.#proclaim(leader, value, call);
    }
    try {
      await recipes.waitForOlder(queuePrefix(name), rev, call);
    } catch (error) {
      if (call.cancelled) await this.#resign(leader, new DetachedCall(call));
      throw error;
    }
    // As in etcd: of entering the queue, also when that was long ago.
    return { header: recipes.store.header(entered.revision), leader };
  }

  async #proclaim(leader: LeaderKey, value: Uint8Array, call: CallContext): Promise<Headed> {
    const { key, rev, lease } = leader;
    const put = { type: "put", key, value, lease } as const;
    const { succeeded, revision } = await this.#recipes.ifCreatedAt(key, rev, [put], [], call);
    if (!succeeded) throw new RpcError(STATUS.UNKNOWN, "election: not leader");
    return { header: this.#recipes.store.header(revision) };
  }

  async #leader(name: Uint8Array, call: CallContext): Promise<LeaderResponseInit> {
    const { kvs, revision } = await this.#oldest(queuePrefix(name), call);
    const [kv] = kvs;
    if (kv === undefined) throw new RpcError(STATUS.UNKNOWN, "election: no leader");
    return { header: this.#recipes.store.header(revision), kv };
  }

  /** Never fails for somebody who leads no more: then there is nothing to give up. */
  async #resign({ key, rev }: LeaderKey, call: CallContext): Promise<Headed> {
    const { revision } = await this.#recipes.ifCreatedAt(
      key,
      rev,
      [{ type: "deleteRange", key }],
      [],
      call,
    );
    return { header: this.#recipes.store.header(revision) };
  }

  #observe(stream: RpcStream<LeaderRequest, LeaderResponseInit>): void {
    const drains = new Drains(stream);
    stream.onMessage(({ name }) => {
      asRecipe(() => this.#follow(stream, drains, queuePrefix(name))).catch((error: unknown) =>
        stream.fail(requestFailure(error, "read")),
      );
    });
  }

  /** The leader there is, each of its values, then the next leader, until the client has seen enough. */
  async #follow(
    stream: RpcStream<LeaderRequest, LeaderResponseInit>,
    drains: Drains,
    prefix: Uint8Array,
  ): Promise<void> {
    const { call } = stream;
    const { store } = this.#recipes;
    while (!call.cancelled) {
      const { kvs, revision } = await this.#oldest(prefix, call);
      const kv = kvs[0] ?? (await this.#firstPut(prefix, revision + 1, call)).kv;
      const seen = Math.max(revision, kv.modRevision);
      if (!stream.write({ header: store.header(seen), kv })) await drains.wait();
      const events = this.#recipes.events(kv.key, undefined, seen + 1, call);
      try {
        for (let event = await events.next(); event.kind === "put"; event = await events.next()) {
          const header = store.header(event.kv.modRevision);
          if (!stream.write({ header, kv: event.kv })) await drains.wait();
        }
      } finally {
        events.close();
      }
    }
  }

  async #firstPut(prefix: Uint8Array, startRevision: number, call: CallContext): Promise<KvEvent> {
    const events: KeyEvents = this.#recipes.events(prefix, prefixEnd(prefix), startRevision, call);
    try {
      for (;;) {
        const event = await events.next();
        if (event.kind === "put") return event;
      }
    } finally {
      events.close();
    }
  }

  #oldest(prefix: Uint8Array, call: CallContext): ReturnType<Recipes["range"]> {
    return this.#recipes.range(
      {
        key: prefix,
        rangeEnd: prefixEnd(prefix),
        sortTarget: "create",
        sortOrder: "ascend",
        limit: 1,
      },
      call,
    );
  }
}

function required(leader: LeaderKey | undefined): LeaderKey {
  if (leader === undefined) throw new RpcError(STATUS.UNKNOWN, '"leader" field must be provided');
  return leader;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
