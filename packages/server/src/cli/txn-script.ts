import { type Condition, compareOf, type Operation, operationOf } from "@quorate/client";
import type { TxnRequestInit } from "@quorate/protocol";
import { ConfigError } from "../config/config-error.ts";

const TARGETS: Readonly<Record<string, Condition["target"]>> = {
  value: "value",
  val: "value",
  version: "version",
  ver: "version",
  create: "createRevision",
  c: "createRevision",
  mod: "modRevision",
  m: "modRevision",
  lease: "lease",
};

/**
 * Reads a script in the form etcdctl takes: conditions, what to do if they hold, what to do otherwise, one per line, with
 * an empty line after each part. Throws `ConfigError` with the line.
 */
export function readTxnScript(text: string): TxnRequestInit {
  const parts: string[][] = [[]];
  for (const line of text.split(/\r?\n/)) {
    if (line.trim().startsWith("#")) continue;
    if (line.trim() === "") parts.push([]);
    else parts.at(-1)?.push(line.trim());
  }
  const [conditions = [], then = [], otherwise = [], ...rest] = parts;
  const extra = rest.flat()[0];
  if (extra !== undefined) throw wrong(extra, "a transaction has three parts");
  return {
    compare: conditions.map((line) => compareOf(readCondition(line))),
    success: then.map((line) => operationOf(readOperation(line))),
    failure: otherwise.map((line) => operationOf(readOperation(line))),
  };
}

function readCondition(line: string): Condition {
  const [, word = "", quoted = "", is, to = ""] =
    /^(\w+)\(\s*("(?:[^"\\]|\\.)*"|[^)"]*?)\s*\)\s*(=|!=|<|>)\s*(.+)$/.exec(line) ?? [];
  const target = TARGETS[word];
  if (target === undefined || is === undefined) {
    throw wrong(line, 'a condition looks like value("key") = "text" or version("key") > "0"');
  }
  const key = unquoted(quoted, line);
  const bound = unquoted(to, line);
  const comparison = is as Condition["is"];
  if (target === "value") return { key, is: comparison, target, to: bound };
  if (target === "lease") {
    if (!/^[0-9a-fA-F]{1,16}$/.test(bound)) throw wrong(line, "a lease is hexadecimal digits");
    return { key, is: comparison, target, to: BigInt.asIntN(64, BigInt(`0x${bound}`)) };
  }
  const number = Number(bound);
  if (!Number.isSafeInteger(number)) throw wrong(line, "it compares with a whole number");
  return { key, is: comparison, target, to: number };
}

function readOperation(line: string): Operation {
  const words = wordsOf(line);
  const flags = new Map<string, string>();
  const plain: string[] = [];
  for (const word of words.slice(1)) {
    const [, name, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) plain.push(word);
    else flags.set(name, value ?? "true");
  }
  const [key, second] = plain;
  const name = words[0];
  if (key === undefined)
    throw wrong(line, "an operation is put <key> <value>, get <key> or del <key>");
  const keys = { key, prefix: flags.has("prefix"), fromKey: flags.has("from-key"), end: second };
  switch (name) {
    case "put":
      if (second === undefined) throw wrong(line, "put needs a key and a value");
      return { type: "put", key, value: second, lease: leaseOf(flags.get("lease"), line) };
    case "get":
      return { type: "get", ...keys, limit: limitOf(flags.get("limit"), line) };
    case "del":
      return { type: "delete", ...keys };
    default:
      throw wrong(line, "an operation begins with put, get or del");
  }
}

function leaseOf(text: string | undefined, line: string): bigint | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-9a-fA-F]{1,16}$/.test(text)) throw wrong(line, "a lease is hexadecimal digits");
  return BigInt.asIntN(64, BigInt(`0x${text}`));
}

function limitOf(text: string | undefined, line: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw wrong(line, "a limit is a whole number");
  return Number(text);
}

/** Words as a shell has them: separated by blanks, or quoted. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:[^\s"']|"(?:[^"\\]|\\.)*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double?: string, single?: string) =>
      single !== undefined ? single : unescaped(double ?? ""),
    ),
  );
}

function unquoted(text: string, line: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('"')) return trimmed;
  if (!/^"(?:[^"\\]|\\.)*"$/.test(trimmed)) throw wrong(line, "a quotation mark is missing");
  return unescaped(trimmed.slice(1, -1));
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", 0: "\0" };

function unescaped(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{2}|.)/g, (_, code: string) =>
    code.startsWith("x") && code.length === 3
      ? String.fromCharCode(Number.parseInt(code.slice(1), 16))
      : (ESCAPES[code] ?? code),
  );
}

function wrong(line: string, why: string): ConfigError {
  return new ConfigError(`This line of the transaction cannot be read: ${line}: ${why}.`);
}
