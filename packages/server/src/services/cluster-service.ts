import {
  ClusterService as ClusterMethods,
  type MemberInit,
  type ResponseHeaderInit,
} from "@quorate/protocol";
import type { CallContext } from "../rpc/call.ts";
import { type ServiceMethod, unary } from "../rpc/typed-method.ts";
import { answerOf, type StoreAccess } from "./store-access.ts";

/** Who belongs to the cluster, and how that changes. Everything rejects with `RpcError`. */
export interface ClusterMembers {
  /** Sorted by id. */
  list(linearizable: boolean): Promise<readonly MemberInit[]>;
  add(peerUrls: readonly string[], isLearner: boolean): Promise<MemberInit>;
  remove(id: bigint): Promise<void>;
  update(id: bigint, peerUrls: readonly string[]): Promise<void>;
  promote(id: bigint): Promise<void>;
}

/** Members: listing, adding, removing, promoting. */
export class ClusterService {
  readonly #store: StoreAccess;
  readonly #members: ClusterMembers;

  constructor(store: StoreAccess, members: ClusterMembers) {
    this.#store = store;
    this.#members = members;
  }

  methods(): readonly ServiceMethod[] {
    return [
      unary(ClusterMethods.memberList, async ({ linearizable }, call) => {
        await this.#require("user", call);
        return { header: this.#header(), members: await this.#members.list(linearizable) };
      }),
      unary(ClusterMethods.memberAdd, async ({ peerUrls, isLearner }, call) => {
        await this.#require("root", call);
        const member = await this.#members.add(peerUrls, isLearner);
        return { header: this.#header(), member, members: await this.#members.list(false) };
      }),
      unary(ClusterMethods.memberRemove, async ({ id }, call) => {
        await this.#require("root", call);
        await this.#members.remove(id);
        return { header: this.#header(), members: await this.#members.list(false) };
      }),
      unary(ClusterMethods.memberUpdate, async ({ id, peerUrls }, call) => {
        await this.#require("root", call);
        await this.#members.update(id, peerUrls);
        return { header: this.#header(), members: await this.#members.list(false) };
      }),
      unary(ClusterMethods.memberPromote, async ({ id }, call) => {
        await this.#require("root", call);
        await this.#members.promote(id);
        return { header: this.#header(), members: await this.#members.list(false) };
      }),
    ];
  }

  async #require(need: "user" | "root", call: CallContext): Promise<void> {
    answerOf(await this.#store.query({ type: "authorize", need }, "local", call), "authorize");
  }

  /** Changes of membership have no revision. */
  #header(): ResponseHeaderInit {
    return this.#store.header(0);
  }
}
