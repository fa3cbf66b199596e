import {
  type LeaseGrantRequest,
  type LeaseGrantResponseInit,
  type LeaseKeepAliveRequest,
  LeaseKeepAliveResponse,
  type LeaseKeepAliveResponseInit,
  LeaseService as LeaseMethods,
} from "@quorate/protocol";
import type { CallContext } from "../rpc/call.ts";
import type { RpcStream } from "../rpc/method.ts";
import { type ServiceMethod, streaming, unary } from "../rpc/typed-method.ts";
import { requestFailure } from "./failure.ts";
import { freshLeaseId } from "./lease-id.ts";
import { answerOf, resultOf, type StoreAccess } from "./store-access.ts";

/** The clocks of leases, which run on the leader only: calls on other members are passed on to it. */
export interface LeaseTimes {
  /** Starts the lease's time again. Resolves with its granted seconds, 0 when it is gone. */
  renew(id: bigint, call: CallContext): Promise<number>;
  timeToLive(id: bigint, keys: boolean, call: CallContext): Promise<LeaseTimeToLive>;
}

export interface LeaseTimeToLive {
  readonly revision: number;
  /** -1 for a lease that does not exist. */
  readonly ttlSeconds: number;
  readonly grantedTtlSeconds: number;
  readonly keys: readonly Uint8Array[];
}

/** Requests one keep-alive stream may have under way; beyond that the client waits. */
const KEEP_ALIVES_MAX = 256;

/** Leases: granting, revoking, keeping alive. */
export class LeaseService {
  readonly #store: StoreAccess;
  readonly #times: LeaseTimes;
  readonly #minTtlSeconds: number;

  constructor(store: StoreAccess, times: LeaseTimes, minTtlSeconds: number) {
    this.#store = store;
    this.#times = times;
    this.#minTtlSeconds = minTtlSeconds;
  }

  methods(): readonly ServiceMethod[] {
    return [
      unary(LeaseMethods.leaseGrant, (request, call) => this.#grant(request, call)),
      unary(LeaseMethods.leaseRevoke, async ({ id }, call) => {
        const result = resultOf(
          await this.#store.propose({ type: "leaseRevoke", id }, call),
          "leaseRevoke",
        );
        return { header: this.#store.header(result.revision) };
      }),
      unary(LeaseMethods.leaseTimeToLive, async ({ id, keys }, call) => {
        const found = await this.#times.timeToLive(id, keys, call);
        return {
          header: this.#store.header(found.revision),
          id,
          ttl: found.ttlSeconds,
          grantedTtl: found.grantedTtlSeconds,
          keys: found.keys,
        };
      }),
      unary(LeaseMethods.leaseLeases, async (_, call) => {
        const answer = await this.#store.query({ type: "leases" }, "local", call);
        const { ids, revision } = answerOf(answer, "leases");
        return { header: this.#store.header(revision), leases: ids.map((id) => ({ id })) };
      }),
      streaming(
        LeaseMethods.leaseKeepAlive,
        (stream) => new KeepAliveStream(stream, this.#store, this.#times),
        LeaseKeepAliveResponse,
      ),
    ];
  }

  async #grant(request: LeaseGrantRequest, call: CallContext): Promise<LeaseGrantResponseInit> {
    const id = request.id === 0n ? freshLeaseId() : request.id;
    const ttlSeconds = Math.max(request.ttl, this.#minTtlSeconds);
    const result = resultOf(
      await this.#store.propose({ type: "leaseGrant", id, ttlSeconds }, call),
      "leaseGrant",
    );
    return { header: this.#store.header(result.revision), id: result.id, ttl: result.ttlSeconds };
  }
}

/** Answers each request of one stream, in the order they came. */
class KeepAliveStream {
  readonly #stream: RpcStream<LeaseKeepAliveRequest, LeaseKeepAliveResponseInit>;
  readonly #store: StoreAccess;
  readonly #times: LeaseTimes;
  #last: Promise<void> = Promise.resolve();
  #underWay = 0;
  /** The client does not read its answers. */
  #isBlocked = false;
  #ended = false;

  constructor(
    stream: RpcStream<LeaseKeepAliveRequest, LeaseKeepAliveResponseInit>,
    store: StoreAccess,
    times: LeaseTimes,
  ) {
    this.#stream = stream;
    this.#store = store;
    this.#times = times;
    stream.onMessage(({ id }) => this.#take(id));
    stream.onDrain(() => {
      this.#isBlocked = false;
      this.#readOn();
    });
    stream.onEnd(() => {
      this.#ended = true;
      this.#endWhenIdle();
    });
  }

  #take(id: bigint): void {
    this.#underWay += 1;
    if (this.#underWay >= KEEP_ALIVES_MAX) this.#stream.pause();
    const renewed = this.#times.renew(id, this.#stream.call);
    // Handled below, in order; until then a rejection is nobody's fault.
    renewed.catch(() => {});
    this.#last = this.#last.then(() => this.#answer(id, renewed));
  }

  async #answer(id: bigint, renewed: Promise<number>): Promise<void> {
    try {
      const ttl = await renewed;
      const header = this.#store.header(this.#store.revision);
      if (!this.#stream.write({ header, id, ttl })) {
        this.#isBlocked = true;
        this.#stream.pause();
      }
    } catch (error) {
      this.#stream.fail(requestFailure(error, "read"));
    }
    this.#underWay -= 1;
    this.#readOn();
    this.#endWhenIdle();
  }

  #readOn(): void {
    if (!this.#isBlocked && this.#underWay < KEEP_ALIVES_MAX) this.#stream.resume();
  }

  #endWhenIdle(): void {
    if (this.#ended && this.#underWay === 0) this.#stream.end();
  }
}
