import type {
  DeleteRangeResult,
  PutResult,
  RangeResult,
  TxnOperationResult,
  TxnResult,
} from "@quorate/kv";
import type {
  DeleteRangeResponseInit,
  KeyValueInit,
  PutResponseInit,
  RangeResponseInit,
  ResponseHeaderInit,
  ResponseOpInit,
  TxnResponseInit,
} from "@quorate/protocol";

// The store's answers as messages of the wire.

export function rangeResponse(header: ResponseHeaderInit, result: RangeResult): RangeResponseInit {
  return { header, kvs: result.kvs, more: result.more, count: result.count };
}

export function putResponse(header: ResponseHeaderInit, result: PutResult): PutResponseInit {
  return { header, prevKv: result.prevKv };
}

export function deleteRangeResponse(
  header: ResponseHeaderInit,
  result: DeleteRangeResult,
): DeleteRangeResponseInit {
  return { header, deleted: result.deleted, prevKvs: result.prevKvs };
}

export function txnResponse(header: ResponseHeaderInit, result: TxnResult): TxnResponseInit {
  return {
    header,
    succeeded: result.succeeded,
    responses: result.responses.map(operationResponse),
  };
}

/** Answers within a transaction have a header with nothing but the revision. */
function operationResponse(result: TxnOperationResult): ResponseOpInit {
  const header = { revision: result.revision };
  switch (result.type) {
    case "range":
      return { response: { kind: "responseRange", value: rangeResponse(header, result) } };
    case "put":
      return { response: { kind: "responsePut", value: putResponse(header, result) } };
    case "deleteRange":
      return {
        response: { kind: "responseDeleteRange", value: deleteRangeResponse(header, result) },
      };
    case "txn":
      return { response: { kind: "responseTxn", value: txnResponse({}, result) } };
  }
}

// About how many bytes an answer has. Read for every answer, so that nothing but keys and values is looked at.

/** What a key and its numbers take besides their bytes. */
const KEY_OVERHEAD_BYTES = 32;

export function rangeBytes({ kvs = [] }: RangeResponseInit): number {
  return bytesOf(kvs);
}

export function deleteRangeBytes({ prevKvs = [] }: DeleteRangeResponseInit): number {
  return bytesOf(prevKvs);
}

export function txnBytes({ responses = [] }: TxnResponseInit): number {
  let total = 0;
  for (const { response } of responses) {
    switch (response?.kind) {
      case "responseRange":
        total += rangeBytes(response.value);
        break;
      case "responsePut":
        if (response.value.prevKv !== undefined) total += bytesOf([response.value.prevKv]);
        break;
      case "responseDeleteRange":
        total += deleteRangeBytes(response.value);
        break;
      case "responseTxn":
        total += txnBytes(response.value);
        break;
      default:
    }
  }
  return total;
}

function bytesOf(kvs: readonly KeyValueInit[]): number {
  let total = 0;
  for (const { key, value } of kvs) {
    total += KEY_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  }
  return total;
}
