import type { KeyValue, KvResult, TxnOperationResult } from "@quorate/kv";
import { textOf } from "./reference-store.ts";

/** A store's answer in the form in which the reference gives its own. */
export function shownResult(result: KvResult): string {
  return result.type === "error" ? result.code : `${body(result)} @${result.revision}`;
}

function body(result: Exclude<KvResult, { type: "error" }>): string {
  switch (result.type) {
    case "txn": {
      const answers = result.responses.map(operation);
      return `${result.succeeded ? "then" : "else"} [${answers.join("; ")}]`;
    }
    case "put":
    case "deleteRange":
      return operation(result);
    case "compact":
      return "compact";
    case "leaseGrant":
      return `granted ${result.id} ${result.ttlSeconds}`;
    case "leaseRevoke":
      return "revoked";
    case "leaseCheckpoint":
      return "checkpointed";
    default:
      return result.type;
  }
}

function operation(result: TxnOperationResult): string {
  switch (result.type) {
    case "put":
      return result.prevKv === undefined ? "put" : `put over ${shown(result.prevKv)}`;
    case "deleteRange":
      return `deleted ${[result.deleted, ...result.prevKvs.map(shown)].join(" ")}`;
    case "range":
      return range(result);
    case "txn":
      return body(result);
  }
}

function range({ kvs, count, more }: Extract<TxnOperationResult, { type: "range" }>): string {
  const pairs = kvs.map(shown).join(" ");
  return `${pairs}${pairs === "" ? "" : " "}(${count})${more ? " more" : ""}`;
}

function shown({ key, value, createRevision, modRevision, version, lease }: KeyValue): string {
  return `${textOf(key)}=${textOf(value)} ${createRevision}/${modRevision}/${version}/${lease}`;
}
