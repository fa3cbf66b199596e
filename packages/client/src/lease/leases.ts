import { randomBytes } from "node:crypto";
import { LeaseService, type LeaseTimeToLiveResponse } from "@quorate/protocol";
import { ClientError } from "../errors.ts";
import type { CallOptions, Requests } from "../requests.ts";
import { KeepAlive } from "./keep-alive.ts";
import { Lease } from "./lease.ts";

/** How a lease is made. */
export interface LeaseOptions extends CallOptions {
  /** How long it lives without being kept alive, in whole seconds, at least 1. Default 10. */
  readonly ttlSeconds?: number | undefined;
  /** Its number. Default: a random one. */
  readonly id?: bigint | undefined;
  /** Whether to keep it alive until it is revoked. Default true. */
  readonly keepAlive?: boolean | undefined;
}

const TTL_SECONDS_DEFAULT = 10;

/** Leases of a cluster: those of this client are kept alive together, over one stream. */
export class Leases {
  readonly #requests: Requests;
  readonly #keepAlive: KeepAlive;

  /** @internal */
  constructor(requests: Requests) {
    this.#requests = requests;
    this.#keepAlive = new KeepAlive(requests);
  }

  /**
   * Makes a lease and keeps it alive. Its number is chosen here, so that a request whose answer was lost can be sent again
   * and makes no second lease.
   */
  async grant(options: LeaseOptions = {}): Promise<Lease> {
    const ttlSeconds = options.ttlSeconds ?? TTL_SECONDS_DEFAULT;
    if (!Number.isSafeInteger(ttlSeconds) || ttlSeconds < 1) {
      throw new ClientError("INVALID_ARGUMENT", "A lease lives at least one whole second.", {
        outcome: "notApplied",
      });
    }
    const id = options.id ?? freshId();
    const askedAtMs = performance.now();
    let grantedSeconds = ttlSeconds;
    try {
      const request = { id, ttl: ttlSeconds };
      // A given number may be in use already; a fresh one is ours if it exists.
      const repeatable = options.id === undefined ? "identified" : "write";
      const route = { ...options, preference: "leader" } as const;
      const answer = await this.#requests.call(LeaseService.leaseGrant, request, repeatable, route);
      grantedSeconds = answer.ttl;
    } catch (error) {
      const exists = error instanceof ClientError && error.message === LEASE_EXISTS;
      if (!exists || options.id !== undefined) throw error;
    }
    const lease = new Lease(id, grantedSeconds, askedAtMs, {
      revoke: (call) => this.revoke(id, call),
      forget: () => this.#keepAlive.remove(id),
    });
    if (options.keepAlive !== false) this.#keepAlive.add(lease);
    else lease.watchExpiry();
    return lease;
  }

  /** Ends a lease and deletes its keys. One that does not exist is as good as revoked. */
  async revoke(id: bigint, options: CallOptions = {}): Promise<void> {
    try {
      const route = { ...options, preference: "leader" } as const;
      await this.#requests.call(LeaseService.leaseRevoke, { id }, "identified", route);
    } catch (error) {
      if (!(error instanceof ClientError) || error.message !== LEASE_MISSING) throw error;
    }
  }

  /** What is left of a lease, and on demand its keys. A `ttl` of -1 says that there is none of that number. */
  timeToLive(
    id: bigint,
    options: CallOptions & { readonly keys?: boolean | undefined } = {},
  ): Promise<LeaseTimeToLiveResponse> {
    const request = { id, keys: options.keys };
    return this.#requests.call(LeaseService.leaseTimeToLive, request, "read", options);
  }

  /** The numbers of all leases. */
  async list(options: CallOptions = {}): Promise<readonly bigint[]> {
    const { leases } = await this.#requests.call(LeaseService.leaseLeases, {}, "read", options);
    return leases.map(({ id }) => id);
  }
}

const LEASE_EXISTS = "etcdserver: lease already exists";
const LEASE_MISSING = "etcdserver: requested lease not found";

/** Positive and so large that nobody draws it twice. */
function freshId(): bigint {
  return BigInt.asUintN(63, randomBytes(8).readBigUInt64BE()) || 1n;
}
