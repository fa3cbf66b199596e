import type {
  DeleteRangeResult,
  PutResult,
  RangeResult,
  TxnOperationResult,
  TxnResult,
} from "@quorate/kv";
import type {
  DeleteRangeResponseInit,
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
