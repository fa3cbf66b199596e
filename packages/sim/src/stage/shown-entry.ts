import type { Entry } from "@quorate/core";
import { BatchReader } from "@quorate/host";
import { type KvCommand, kvCommandCodec } from "@quorate/kv";
import { encodeCommand, type RegisterOperation } from "../cluster/command.ts";
import { textOf } from "../oracles/reference-store.ts";

const SHOWN: WeakMap<Entry, Entry> = new WeakMap();

/**
 * An entry of a whole node's log in the form that the views of the cores know: what a batch of commands does is told as
 * one operation on a register. The same object for the same entry.
 */
export function shownEntry(entry: Entry): Entry {
  if (entry.kind !== "command") return entry;
  const known = SHOWN.get(entry);
  if (known !== undefined) return known;
  const payload = encodeCommand({ client: 0, sequence: 0, operation: operationOf(entry.payload) });
  const shown: Entry = { ...entry, payload };
  SHOWN.set(entry, shown);
  return shown;
}

/** Of several commands the first stands for all. */
function operationOf(payload: Uint8Array): RegisterOperation {
  const reader = new BatchReader(payload);
  let other: RegisterOperation = { type: "write", key: "nothing", value: "" };
  while (reader.advance()) {
    if (reader.command.length > 0) return operationOfCommand(kvCommandCodec.decode(reader.command));
    other = { type: "write", key: "session", value: "" };
  }
  return other;
}

function operationOfCommand(command: KvCommand): RegisterOperation {
  if (command.type === "put") {
    return { type: "write", key: textOf(command.key), value: textOf(command.value) };
  }
  const [first] = command.type === "txn" ? command.success : [];
  if (first?.type === "put" && command.type === "txn") {
    const [holds] = command.compare;
    const expected = holds?.target === "value" ? textOf(holds.operand as Uint8Array) : null;
    return {
      type: "compareAndSet",
      key: textOf(first.key),
      value: textOf(first.value),
      expected,
    };
  }
  return { type: "write", key: command.type, value: "" };
}
