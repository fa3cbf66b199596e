import {
  ClusterService,
  type DeleteRangeResponse,
  KVService,
  MaintenanceService,
  type MemberListResponse,
  type MethodDescriptor,
  type PutResponse,
  type RangeResponse,
  SortOrder,
  SortTarget,
  type StatusResponse,
  type TxnResponse,
} from "@quorate/protocol";
import { type Bytes, toBytes } from "./bytes.ts";
import type { TlsOptions } from "./endpoint.ts";
import { type IntervalOptions, interval } from "./interval.ts";
import { type CallOptions, type Repeatable, Requests } from "./requests.ts";
import type { CallStream } from "./stream.ts";
import { type Operation, type Transaction, transactionRequest } from "./transaction.ts";

export interface ClientOptions {
  /** `host:port` or a URL per member; one is enough, all are better. */
  readonly endpoints: readonly string[];
  /** Whole budget of a call in milliseconds, retries included. Default 5 000. */
  readonly timeoutMs?: number | undefined;
  /** How long one endpoint may take to connect before the next is tried. Default 2 000. */
  readonly connectTimeoutMs?: number | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly user?: { readonly name: string; readonly password: string } | undefined;
}

export interface PutOptions extends CallOptions {
  /** Attach the key to this lease. */
  readonly lease?: bigint | undefined;
  /** Answer with the pair as it was before. */
  readonly prevKv?: boolean | undefined;
}

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
}

export type SortBy = "key" | "version" | "createRevision" | "modRevision" | "value";

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

const DEFAULT_TIMEOUT_MS = 5_000;
const DEFAULT_CONNECT_TIMEOUT_MS = 2_000;

/**
 * A client of one cluster. Connects when it is first used, stays with a member that answers and goes on to another when
 * it does not. Reads are repeated within their time; writes only as long as nothing of them has left. Every rejection is a
 * `ClientError` that says whether the request may have taken effect.
 */
export class Client {
  readonly #requests: Requests;

  constructor(options: ClientOptions) {
    this.#requests = new Requests({
      endpoints: options.endpoints,
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      connectTimeoutMs: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
      tls: options.tls,
      user: options.user,
    });
  }

  /** The endpoints as they were given. */
  get endpoints(): readonly string[] {
    return this.#requests.endpoints.map(({ text }) => text);
  }

  put(key: Bytes, value: Bytes, options: PutOptions = {}): Promise<PutResponse> {
    const request = {
      key: toBytes(key),
      value: toBytes(value),
      lease: options.lease,
      prevKv: options.prevKv,
    };
    return this.#requests.call(KVService.put, request, "write", options);
  }

  get(key: Bytes, options: GetOptions = {}): Promise<RangeResponse> {
    const request = {
      ...interval(key, options),
      limit: options.limit,
      revision: options.revision,
      serializable: options.serializable,
      keysOnly: options.keysOnly,
      countOnly: options.countOnly,
      sortTarget: SORT_TARGETS[options.sort?.by ?? "key"],
      sortOrder:
        options.sort === undefined
          ? SortOrder.NONE
          : options.sort.descending === true
            ? SortOrder.DESCEND
            : SortOrder.ASCEND,
    };
    return this.#requests.call(KVService.range, request, "read", options);
  }

  delete(key: Bytes, options: DeleteOptions = {}): Promise<DeleteRangeResponse> {
    const request = { ...interval(key, options), prevKv: options.prevKv };
    return this.#requests.call(KVService.deleteRange, request, "write", options);
  }

  /** If all conditions hold, runs `then`, otherwise `otherwise`; atomically, at one revision. */
  transaction(transaction: Transaction, options: CallOptions = {}): Promise<TxnResponse> {
    const operations: readonly Operation[] = [
      ...(transaction.then ?? []),
      ...(transaction.otherwise ?? []),
    ];
    const repeatable = operations.every(({ type }) => type === "get") ? "read" : "write";
    return this.#requests.call(KVService.txn, transactionRequest(transaction), repeatable, options);
  }

  /** How one member is doing; `endpoint` is one of `endpoints`. */
  status(endpoint: string, options: CallOptions = {}): Promise<StatusResponse> {
    return this.#requests.call(MaintenanceService.status, {}, "read", { ...options, at: endpoint });
  }

  /** Who belongs to the cluster. */
  members(options: CallOptions = {}): Promise<MemberListResponse> {
    return this.#requests.call(ClusterService.memberList, { linearizable: true }, "read", options);
  }

  /** Any method of the API with one answer. A `write` is repeated only as long as nothing of it has left. */
  call<Request, RequestInit, Response, ResponseInit>(
    method: MethodDescriptor<Request, RequestInit, Response, ResponseInit, "unary">,
    request: RequestInit,
    repeatable: Repeatable,
    options: CallOptions & { readonly at?: string | undefined } = {},
  ): Promise<Response> {
    return this.#requests.call(method, request, repeatable, options);
  }

  /** Any streaming method of the API, to whichever member can be reached. `request` belongs to methods that take one. */
  openStream<Request, RequestInit, Response, ResponseInit>(
    method: MethodDescriptor<
      Request,
      RequestInit,
      Response,
      ResponseInit,
      "bidiStream" | "serverStream"
    >,
    request?: RequestInit,
    options: CallOptions & { readonly at?: string | undefined } = {},
  ): Promise<CallStream<RequestInit, Response>> {
    return this.#requests.openStream(method, request, options);
  }

  /** Ends all connections; running calls are rejected. */
  close(): void {
    this.#requests.close();
  }
}
