import type { Codec } from "@quorate/host";
import { ByteReader, MalformedBytesError, nameAt } from "../bytes/byte-reader.ts";
import { ByteWriter, numberOf } from "../bytes/byte-writer.ts";
import type { AlarmType } from "../command.ts";
import { TXN_DEPTH_MAX } from "../command.ts";
import { KV_ERRORS, type KvErrorCode, kvError } from "../error.ts";
import type { KeyValue } from "../key-value.ts";
import type {
  Alarm,
  DeleteRangeResult,
  KvResult,
  PutResult,
  RangeResult,
  TxnOperationResult,
  TxnResult,
} from "../result.ts";

/** The numbers stand in snapshots (results kept for sessions): append, never reorder. */
const KINDS: readonly KvResult["type"][] = [
  "error",
  "put",
  "deleteRange",
  "txn",
  "compact",
  "leaseGrant",
  "leaseRevoke",
  "leaseCheckpoint",
  "alarm",
  "authenticate",
  "authChanged",
];
const OPERATION_KINDS: readonly TxnOperationResult["type"][] = [
  "range",
  "put",
  "deleteRange",
  "txn",
];
const ALARMS: readonly AlarmType[] = ["nospace", "corrupt"];

function isErrorCode(text: string): text is KvErrorCode {
  return Object.hasOwn(KV_ERRORS, text);
}

/** Results as a group keeps them for sessions whose client has not acknowledged them yet. `decode` copies. */
export const kvResultCodec: Codec<KvResult> = {
  encode(result: KvResult): Uint8Array {
    const to = new ByteWriter();
    to.byte(numberOf(KINDS, result.type));
    writeResult(to, result);
    return to.finish();
  },

  decode(bytes: Uint8Array): KvResult {
    const from = new ByteReader(bytes.slice());
    const result = readResult(from, nameAt(KINDS, from.byte()));
    from.end();
    return result;
  },
};

function writeResult(to: ByteWriter, result: KvResult): void {
  switch (result.type) {
    case "error":
      to.text(result.code);
      break;
    case "put":
      writePut(to, result);
      break;
    case "deleteRange":
      writeDeleteRange(to, result);
      break;
    case "txn":
      writeTxn(to, result);
      break;
    case "leaseGrant":
      to.varint(result.revision);
      to.int64(result.id);
      to.varint(result.ttlSeconds);
      break;
    case "alarm":
      to.varint(result.revision);
      writeAlarms(to, result.alarms);
      break;
    case "authenticate":
      to.varint(result.revision);
      to.text(result.token);
      break;
    case "compact":
    case "leaseRevoke":
    case "leaseCheckpoint":
    case "authChanged":
      to.varint(result.revision);
      break;
  }
}

function readResult(from: ByteReader, kind: KvResult["type"]): KvResult {
  switch (kind) {
    case "error":
      return readError(from);
    case "put":
      return readPut(from);
    case "deleteRange":
      return readDeleteRange(from);
    case "txn":
      return readTxn(from, 0);
    case "leaseGrant":
      return {
        type: kind,
        revision: from.varint(),
        id: from.int64(),
        ttlSeconds: from.varint(),
      };
    case "alarm":
      return { type: kind, revision: from.varint(), alarms: readAlarms(from) };
    case "authenticate":
      return { type: kind, revision: from.varint(), token: from.text() };
    case "compact":
    case "leaseRevoke":
    case "leaseCheckpoint":
    case "authChanged":
      return { type: kind, revision: from.varint() };
  }
}

function readError(from: ByteReader): KvResult {
  const code = from.text();
  if (!isErrorCode(code)) throw new MalformedBytesError("An unknown failure was recorded.");
  return kvError(code);
}

function writePut(to: ByteWriter, result: PutResult): void {
  to.varint(result.revision);
  to.flag(result.prevKv !== undefined);
  if (result.prevKv !== undefined) writeKeyValue(to, result.prevKv);
}

function readPut(from: ByteReader): PutResult {
  const revision = from.varint();
  const prevKv = from.flag() ? readKeyValue(from) : undefined;
  return { type: "put", revision, prevKv };
}

function writeDeleteRange(to: ByteWriter, result: DeleteRangeResult): void {
  to.varint(result.revision);
  to.varint(result.deleted);
  writeKeyValues(to, result.prevKvs);
}

function readDeleteRange(from: ByteReader): DeleteRangeResult {
  return {
    type: "deleteRange",
    revision: from.varint(),
    deleted: from.varint(),
    prevKvs: readKeyValues(from),
  };
}

function writeTxn(to: ByteWriter, result: TxnResult): void {
  to.varint(result.revision);
  to.flag(result.succeeded);
  to.varint(result.responses.length);
  for (const response of result.responses) {
    to.byte(numberOf(OPERATION_KINDS, response.type));
    switch (response.type) {
      case "range":
        writeRange(to, response);
        break;
      case "put":
        writePut(to, response);
        break;
      case "deleteRange":
        writeDeleteRange(to, response);
        break;
      case "txn":
        writeTxn(to, response);
        break;
    }
  }
}

function readTxn(from: ByteReader, depth: number): TxnResult {
  if (depth > TXN_DEPTH_MAX) throw new MalformedBytesError("Results are nested too deep.");
  const revision = from.varint();
  const succeeded = from.flag();
  const responses: TxnOperationResult[] = [];
  for (let left = from.count(1); left > 0; left--) {
    responses.push(readResponse(from, nameAt(OPERATION_KINDS, from.byte()), depth));
  }
  return { type: "txn", revision, succeeded, responses };
}

function readResponse(
  from: ByteReader,
  kind: TxnOperationResult["type"],
  depth: number,
): TxnOperationResult {
  switch (kind) {
    case "range":
      return readRange(from);
    case "put":
      return readPut(from);
    case "deleteRange":
      return readDeleteRange(from);
    case "txn":
      return readTxn(from, depth + 1);
  }
}

function writeRange(to: ByteWriter, result: RangeResult): void {
  to.varint(result.revision);
  to.varint(result.count);
  to.flag(result.more);
  writeKeyValues(to, result.kvs);
}

function readRange(from: ByteReader): RangeResult {
  return {
    type: "range",
    revision: from.varint(),
    count: from.varint(),
    more: from.flag(),
    kvs: readKeyValues(from),
  };
}

/** Two lengths, three integers and a lease. */
const KEY_VALUE_BYTES_MIN = 13;

function writeKeyValues(to: ByteWriter, kvs: readonly KeyValue[]): void {
  to.varint(kvs.length);
  for (const kv of kvs) writeKeyValue(to, kv);
}

function readKeyValues(from: ByteReader): KeyValue[] {
  const kvs: KeyValue[] = [];
  for (let left = from.count(KEY_VALUE_BYTES_MIN); left > 0; left--) kvs.push(readKeyValue(from));
  return kvs;
}

function writeKeyValue(to: ByteWriter, kv: KeyValue): void {
  to.bytes(kv.key);
  to.bytes(kv.value);
  to.varint(kv.createRevision);
  to.varint(kv.modRevision);
  to.varint(kv.version);
  to.int64(kv.lease);
}

function readKeyValue(from: ByteReader): KeyValue {
  return {
    key: from.bytes(),
    value: from.bytes(),
    createRevision: from.varint(),
    modRevision: from.varint(),
    version: from.varint(),
    lease: from.int64(),
  };
}

function writeAlarms(to: ByteWriter, alarms: readonly Alarm[]): void {
  to.varint(alarms.length);
  for (const { memberId, alarm } of alarms) {
    to.uint64(memberId);
    to.byte(numberOf(ALARMS, alarm));
  }
}

function readAlarms(from: ByteReader): Alarm[] {
  const alarms: Alarm[] = [];
  for (let left = from.count(9); left > 0; left--) {
    alarms.push({ memberId: from.uint64(), alarm: nameAt(ALARMS, from.byte()) });
  }
  return alarms;
}
