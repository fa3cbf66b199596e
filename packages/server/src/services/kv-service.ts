import type { KvResult } from "@quorate/kv";
import {
  type CompactionRequest,
  type CompactionResponseInit,
  type DeleteRangeRequest,
  type DeleteRangeResponseInit,
  KVService as KvMethods,
  type PutRequest,
  type PutResponseInit,
  type RangeRequest,
  type RangeResponseInit,
  type TxnRequest,
  type TxnResponseInit,
} from "@quorate/protocol";
import type { CallContext } from "../rpc/call.ts";
import { EncodeTurns } from "../rpc/encode-turns.ts";
import { type ServiceMethod, unary } from "../rpc/typed-method.ts";
import { isReadOnly, isSerializable, kvDeleteRange, kvPut, kvRange, kvTxn } from "./kv-requests.ts";
import {
  deleteRangeBytes,
  deleteRangeResponse,
  putResponse,
  rangeBytes,
  rangeResponse,
  txnBytes,
  txnResponse,
} from "./kv-responses.ts";
import { answerOf, resultOf, type StoreAccess } from "./store-access.ts";

/** Reading, writing, transactions and compaction. */
export class KvService {
  readonly #store: StoreAccess;

  constructor(store: StoreAccess) {
    this.#store = store;
  }

  methods(): readonly ServiceMethod[] {
    const turns = new EncodeTurns();
    return [
      unary(KvMethods.range, (request, call) => this.#range(request, call), {
        bytesOf: rangeBytes,
        turns,
      }),
      unary(KvMethods.put, (request, call) => this.#put(request, call)),
      unary(KvMethods.deleteRange, (request, call) => this.#deleteRange(request, call), {
        bytesOf: deleteRangeBytes,
        turns,
      }),
      unary(KvMethods.txn, (request, call) => this.#txn(request, call), {
        bytesOf: txnBytes,
        turns,
      }),
      unary(KvMethods.compact, (request, call) => this.#compact(request, call)),
    ];
  }

  async #range(request: RangeRequest, call: CallContext): Promise<RangeResponseInit> {
    const freshness = request.serializable ? "local" : "linearizable";
    const answer = await this.#store.query(kvRange(request), freshness, call);
    const result = answerOf(answer, "range");
    return rangeResponse(this.#store.header(result.revision), result);
  }

  /** Not an async function: this is the path of every put, and each promise on it counts. */
  #put(request: PutRequest, call: CallContext): Promise<PutResponseInit> {
    return this.#store.propose(kvPut(request), call).then(this.#putAnswer);
  }

  readonly #putAnswer = (answer: KvResult): PutResponseInit => {
    const result = resultOf(answer, "put");
    return putResponse(this.#store.header(result.revision), result);
  };

  async #deleteRange(
    request: DeleteRangeRequest,
    call: CallContext,
  ): Promise<DeleteRangeResponseInit> {
    const result = resultOf(await this.#store.propose(kvDeleteRange(request), call), "deleteRange");
    return deleteRangeResponse(this.#store.header(result.revision), result);
  }

  async #txn(request: TxnRequest, call: CallContext): Promise<TxnResponseInit> {
    const txn = kvTxn(request);
    const freshness = isSerializable(request) ? "local" : "linearizable";
    const result = isReadOnly(txn)
      ? answerOf(await this.#store.query(txn, freshness, call), "txn")
      : resultOf(await this.#store.propose(txn, call), "txn");
    return txnResponse(this.#store.header(result.revision), result);
  }

  async #compact(request: CompactionRequest, call: CallContext): Promise<CompactionResponseInit> {
    const { revision } = request;
    const result = resultOf(
      await this.#store.propose({ type: "compact", revision }, call),
      "compact",
    );
    return { header: this.#store.header(result.revision) };
  }
}
