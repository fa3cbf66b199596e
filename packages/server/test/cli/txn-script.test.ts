import { CompareResult, CompareTarget, utf8 } from "@quorate/protocol";
import { expect, test } from "vitest";
import { readTxnScript } from "../../src/cli/txn-script.ts";

test("conditions, then, otherwise; quotation marks, escapes, options, remarks", () => {
  const script = readTxnScript(
    [
      "# what must hold",
      'value("a key") = "x \\"y\\" \\x41"',
      'mod(b) > "7"',
      "lease(c) != 1f",
      "",
      "put a 'two words'",
      "put b 1 --lease=1f",
      "get --prefix p --limit=3",
      "",
      'del k "l"',
      "",
    ].join("\n"),
  );
  expect(script.compare).toEqual([
    {
      key: utf8("a key"),
      result: CompareResult.EQUAL,
      target: CompareTarget.VALUE,
      targetUnion: { kind: "value", value: utf8('x "y" A') },
    },
    {
      key: utf8("b"),
      result: CompareResult.GREATER,
      target: CompareTarget.MOD,
      targetUnion: { kind: "modRevision", value: 7 },
    },
    {
      key: utf8("c"),
      result: CompareResult.NOT_EQUAL,
      target: CompareTarget.LEASE,
      targetUnion: { kind: "lease", value: 31n },
    },
  ]);
  expect(script.success?.map((operation) => operation.request)).toMatchObject([
    { kind: "requestPut", value: { key: utf8("a"), value: utf8("two words") } },
    { kind: "requestPut", value: { key: utf8("b"), lease: 31n } },
    { kind: "requestRange", value: { key: utf8("p"), rangeEnd: utf8("q"), limit: 3 } },
  ]);
  expect(script.failure?.map((operation) => operation.request)).toMatchObject([
    { kind: "requestDeleteRange", value: { key: utf8("k"), rangeEnd: utf8("l") } },
  ]);
});

test.each([
  ["size(a) = 1\n\n", "a condition looks like"],
  ['value("a) = 1\n\n', "a condition looks like"],
  ["version(a) = many\n\n", "it compares with a whole number"],
  ['value(a) = "open\n\n', "a quotation mark is missing"],
  ["\nset a 1\n\n", "an operation begins with put, get or del"],
  ["\nput a\n\n", "put needs a key and a value"],
  ["\nput\n\n", "an operation is put <key> <value>"],
  ["\n\n\nput a 1\n", "a transaction has three parts"],
])("%j is refused with the line", (text, why) => {
  expect(() => readTxnScript(text)).toThrow(why);
});
