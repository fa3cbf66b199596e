import type {
  Compare,
  CompareInit,
  DeleteRangeResponse,
  KeyValue,
  RangeResponse,
  RequestOpInit,
  ResponseOp,
  TxnRequestInit,
  TxnResponse,
} from "@quorate/protocol";
import { ClientError } from "../errors.ts";
import { NO_END, prefixEnd } from "./bytes.ts";
import type { Interval } from "./interval.ts";

/** Puts a prefix before every key that is sent and takes it off every key that comes back. */
export class KeyPrefix {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get empty(): boolean {
    return this.bytes.length === 0;
  }

  /** A prefix of its own below this one. */
  below(more: Uint8Array): KeyPrefix {
    return new KeyPrefix(this.key(more));
  }

  key(key: Uint8Array): Uint8Array {
    if (this.empty) return key;
    const whole = new Uint8Array(this.bytes.length + key.length);
    whole.set(this.bytes);
    whole.set(key, this.bytes.length);
    return whole;
  }

  interval({ key, rangeEnd }: Interval): Interval {
    if (this.empty) return { key, rangeEnd };
    if (rangeEnd.length === 0) {
      // The prefix itself is no key of this namespace: an empty key is refused here as the cluster refuses it.
      if (key.length === 0) {
        throw new ClientError("INVALID_ARGUMENT", "The key is empty.", { outcome: "notApplied" });
      }
      return { key: this.key(key), rangeEnd };
    }
    const all = isNoEnd(key);
    return {
      key: all ? this.bytes : this.key(key),
      rangeEnd: isNoEnd(rangeEnd) ? prefixEnd(this.bytes) : this.key(rangeEnd),
    };
  }

  transaction(request: TxnRequestInit): TxnRequestInit {
    if (this.empty) return request;
    const operation = (op: RequestOpInit): RequestOpInit => this.#operation(op);
    return {
      compare: request.compare?.map((compare) => this.#compare(compare)),
      success: request.success?.map(operation),
      failure: request.failure?.map(operation),
    };
  }

  stripped(key: Uint8Array): Uint8Array {
    return this.empty ? key : key.slice(this.bytes.length);
  }

  pair(kv: KeyValue): KeyValue {
    return this.empty ? kv : { ...kv, key: this.stripped(kv.key) };
  }

  maybePair(kv: KeyValue | undefined): KeyValue | undefined {
    return kv === undefined ? undefined : this.pair(kv);
  }

  range(response: RangeResponse): RangeResponse {
    return this.empty ? response : { ...response, kvs: response.kvs.map((kv) => this.pair(kv)) };
  }

  deleted(response: DeleteRangeResponse): DeleteRangeResponse {
    if (this.empty) return response;
    return { ...response, prevKvs: response.prevKvs.map((kv) => this.pair(kv)) };
  }

  answers(response: TxnResponse): TxnResponse {
    if (this.empty) return response;
    return { ...response, responses: response.responses.map((one) => this.#answer(one)) };
  }

  #compare(compare: CompareInit): CompareInit {
    const key = this.key(compare.key ?? new Uint8Array());
    const { rangeEnd } = compare as Partial<Compare>;
    if (rangeEnd === undefined || rangeEnd.length === 0) return { ...compare, key };
    return { ...compare, ...this.interval({ key: compare.key ?? NO_END, rangeEnd }) };
  }

  #operation({ request }: RequestOpInit): RequestOpInit {
    switch (request?.kind) {
      case "requestPut": {
        const key = this.key(request.value.key ?? new Uint8Array());
        return { request: { kind: "requestPut", value: { ...request.value, key } } };
      }
      case "requestRange":
        return {
          request: {
            kind: "requestRange",
            value: { ...request.value, ...this.interval(asInterval(request.value)) },
          },
        };
      case "requestDeleteRange":
        return {
          request: {
            kind: "requestDeleteRange",
            value: { ...request.value, ...this.interval(asInterval(request.value)) },
          },
        };
      case "requestTxn":
        return { request: { kind: "requestTxn", value: this.transaction(request.value) } };
      case undefined:
        return {};
    }
  }

  #answer({ response }: ResponseOp): ResponseOp {
    switch (response?.kind) {
      case "responsePut": {
        const prevKv = this.maybePair(response.value.prevKv);
        return { response: { kind: "responsePut", value: { ...response.value, prevKv } } };
      }
      case "responseRange":
        return { response: { kind: "responseRange", value: this.range(response.value) } };
      case "responseDeleteRange":
        return { response: { kind: "responseDeleteRange", value: this.deleted(response.value) } };
      case "responseTxn":
        return { response: { kind: "responseTxn", value: this.answers(response.value) } };
      case undefined:
        return { response };
    }
  }
}

function asInterval(given: {
  readonly key?: Uint8Array | undefined;
  readonly rangeEnd?: Uint8Array | undefined;
}): Interval {
  return { key: given.key ?? new Uint8Array(), rangeEnd: given.rangeEnd ?? new Uint8Array() };
}

function isNoEnd(bytes: Uint8Array): boolean {
  return bytes.length === 1 && bytes[0] === 0;
}
