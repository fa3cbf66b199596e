export type {
  DeleteRangeResponse,
  KeyValue,
  Member,
  MemberListResponse,
  PutResponse,
  RangeResponse,
  ResponseHeader,
  StatusResponse,
  TxnResponse,
} from "@quorate/protocol";
export type { Bytes } from "./bytes.ts";
export { prefixEnd, toText } from "./bytes.ts";
export type { ClientOptions, DeleteOptions, GetOptions, PutOptions, SortBy } from "./client.ts";
export { Client } from "./client.ts";
export type { TlsOptions } from "./endpoint.ts";
export { readTlsFiles } from "./endpoint.ts";
export type { ClientErrorCode, Outcome } from "./errors.ts";
export { ClientError } from "./errors.ts";
export type { Interval, IntervalOptions } from "./interval.ts";
export { interval } from "./interval.ts";
export type { CallOptions, Repeatable } from "./requests.ts";
export type { CallStream } from "./stream.ts";
export type { Comparison, Condition, Operation, Transaction } from "./transaction.ts";
export { compareOf, operationOf } from "./transaction.ts";
