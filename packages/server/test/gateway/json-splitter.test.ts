import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonSplitter, SplitError } from "../../src/gateway/json-splitter.ts";

test("objects come out whole, however the stream is cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), { maxLength: 6 }),
      fc.constantFrom("", " ", "\n", ",", "\r\n\t"),
      fc.integer({ min: 1, max: 7 }),
      (objects, between, cut) => {
        const bytes = Buffer.from(objects.map((object) => JSON.stringify(object)).join(between));
        const splitter = new JsonSplitter(1 << 20);
        const found: unknown[] = [];
        for (let at = 0; at < bytes.length; at += cut) {
          for (const text of splitter.push(bytes.subarray(at, at + cut)))
            found.push(JSON.parse(text));
        }
        expect(found).toEqual(JSON.parse(JSON.stringify(objects)));
        expect(splitter.isBetween).toBe(true);
      },
    ),
  );
});

test.each(["[1]", '"text"', "}", "5", "nonsense"])("%j is no stream of objects", (text) => {
  expect(() => new JsonSplitter(100).push(Buffer.from(text))).toThrow(SplitError);
});

test("an object that does not end is held only up to a limit", () => {
  const splitter = new JsonSplitter(100);
  splitter.push(Buffer.from(`{"a":"${"x".repeat(50)}`));
  expect(splitter.isBetween).toBe(false);
  expect(() => splitter.push(Buffer.from("x".repeat(60)))).toThrow("too long");
});

test("an object that comes byte by byte costs what its bytes cost, not their square", () => {
  const splitter = new JsonSplitter(1 << 21);
  const text = `{"a":"${"x".repeat(1 << 20)}"}`;
  const bytes = Buffer.from(text);
  // Joining all that is held with every byte that comes would copy half a terabyte here.
  for (let at = 0; at < bytes.length - 1; at += 1) splitter.push(bytes.subarray(at, at + 1));
  expect(splitter.push(bytes.subarray(-1))).toEqual([text]);
});
