import type { MemberListResponse, MethodKind, StatusResponse } from "@quorate/protocol";
import { UserAdministration } from "./admin/auth.ts";
import { ClusterAdministration } from "./admin/cluster.ts";
import { Maintenance } from "./admin/maintenance.ts";
import type { EndpointHealth } from "./cluster/endpoint-pool.ts";
import type { Repeatable } from "./cluster/verdict.ts";
import type { TlsOptions } from "./endpoint.ts";
import { KeyPrefix } from "./keys/key-prefix.ts";
import { Keyspace } from "./keys/keyspace.ts";
import { Leases } from "./lease/leases.ts";
import { type CallOptions, Requests } from "./requests.ts";
import type { CallStream } from "./transport/call-stream.ts";
import type { Method } from "./transport/channel.ts";

/** How a client finds its cluster and behaves. */
export interface ClientOptions {
  /** `host:port` or a URL per member; one is enough, all are better. */
  readonly endpoints: readonly string[];
  /** Whole budget of a call in milliseconds, retries included. Default 5 000. */
  readonly timeoutMs?: number | undefined;
  /** How long one endpoint may take to connect before the next is tried, in milliseconds. Default 2 000. */
  readonly connectTimeoutMs?: number | undefined;
  /** How long a request that can safely be repeated waits for one member before it asks another. Default 2 000. */
  readonly attemptTimeoutMs?: number | undefined;
  /** Calls that may be under way at once; one more is refused with OVERLOADED. Default 10 000. */
  readonly callsMax?: number | undefined;
  readonly tls?: TlsOptions | undefined;
  /** Who is asking. The cluster's token is fetched when needed and renewed when it has ended. */
  readonly user?: { readonly name: string; readonly password: string } | undefined;
}

const DEFAULTS = {
  timeoutMs: 5_000,
  connectTimeoutMs: 2_000,
  attemptTimeoutMs: 2_000,
  callsMax: 10_000,
} as const;

/**
 * A client of one cluster. Connects when it is first used; sends writes to the leader and spreads reads over all members;
 * goes on to another member when one does not answer. What changes nothing is repeated within its time, a write only when it
 * certainly did nothing. Every rejection is a `ClientError` that says whether the request may have taken effect.
 */
export class Client extends Keyspace {
  /** Leases, kept alive together. */
  readonly leases: Leases;
  /** Members, and changes of them. */
  readonly cluster: ClusterAdministration;
  /** Status, alarms, compaction, snapshots. */
  readonly maintenance: Maintenance;
  /** Users and roles. */
  readonly auth: UserAdministration;

  /** Throws INVALID_ARGUMENT for an endpoint that is none. Nothing is connected yet. */
  constructor(options: ClientOptions) {
    const requests = new Requests({
      endpoints: options.endpoints,
      timeoutMs: options.timeoutMs ?? DEFAULTS.timeoutMs,
      connectTimeoutMs: options.connectTimeoutMs ?? DEFAULTS.connectTimeoutMs,
      attemptTimeoutMs: options.attemptTimeoutMs ?? DEFAULTS.attemptTimeoutMs,
      callsMax: options.callsMax ?? DEFAULTS.callsMax,
      tls: options.tls,
      user: options.user,
    });
    const leases = new Leases(requests);
    super(requests, leases, new KeyPrefix(new Uint8Array()));
    this.leases = leases;
    this.cluster = new ClusterAdministration(requests);
    this.maintenance = new Maintenance(requests);
    this.auth = new UserAdministration(requests);
  }

  /** The endpoints as they were given. */
  get endpoints(): readonly string[] {
    return this.requests.pool.places.map(({ name }) => name);
  }

  /** What the client thinks of each endpoint, without asking anybody. */
  endpointHealth(): readonly EndpointHealth[] {
    return this.requests.pool.health();
  }

  /** How one member is doing; `endpoint` is one of `endpoints`. */
  status(endpoint: string, options: CallOptions = {}): Promise<StatusResponse> {
    return this.maintenance.status({ ...options, at: endpoint });
  }

  /** Who belongs to the cluster. */
  members(options: CallOptions = {}): Promise<MemberListResponse> {
    return this.cluster.list(options);
  }

  /** Any method of the API with one answer. A `write` is repeated only when it certainly did nothing. */
  call<Req, ReqInit, Res, ResInit>(
    method: Method<Req, ReqInit, Res, ResInit, "unary">,
    request: ReqInit,
    repeatable: Repeatable,
    options: CallOptions & { readonly at?: string | undefined } = {},
  ): Promise<Res> {
    return this.requests.call(method, request, repeatable, options);
  }

  /** Any streaming method of the API, to whichever member can be reached. `request` belongs to methods that take one. */
  openStream<Req, ReqInit, Res, ResInit>(
    method: Method<Req, ReqInit, Res, ResInit, Exclude<MethodKind, "unary">>,
    request?: ReqInit,
    options: CallOptions & { readonly at?: string | undefined } = {},
  ): Promise<CallStream<ReqInit, Res>> {
    return this.requests.openStream(method, request, options);
  }

  /** Ends all connections, watches and keeping alive. Running calls are rejected with ABORTED; leases end by themselves. */
  close(): void {
    this.requests.close();
  }
}
