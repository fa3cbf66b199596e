import fc from "fast-check";
import { expect, test } from "vitest";
import { HpackDecoder } from "../../src/hpack/hpack-decoder.ts";
import { HpackEncoder } from "../../src/hpack/hpack-encoder.ts";

const CONSTANTS = [
  ["content-type", "application/grpc"],
  ["grpc-status", "0"],
] as const;

const peer = (maxTableBytes = 4096): HpackDecoder =>
  new HpackDecoder({ maxTableBytes, maxListBytes: 65_536, classify: () => 0 });

const answer = (encoder: HpackEncoder): Buffer => {
  encoder.begin();
  encoder.status(200);
  encoder.constant(0);
  encoder.constant(1);
  return Buffer.from(encoder.block.subarray(0, encoder.length));
};

const read = (decoder: HpackDecoder, block: Buffer): string[] =>
  decoder.decode(block, 0, block.length).map((field) => `${field.name}: ${field.value}`);

const EXPECTED = [":status: 200", "content-type: application/grpc", "grpc-status: 0"];

test("constants cost one octet from the second time on", () => {
  const encoder = new HpackEncoder(CONSTANTS);
  const decoder = peer();
  expect(encoder.isWarm).toBe(false);
  expect(read(decoder, answer(encoder))).toEqual(EXPECTED);
  expect(encoder.isWarm).toBe(true);
  const second = answer(encoder);
  expect([...second]).toEqual([0x88, encoder.constantOctet(0), encoder.constantOctet(1)]);
  expect(read(decoder, second)).toEqual(EXPECTED);
});

test.each([{ tableBytes: 0 }, { tableBytes: 103 }])(
  "a peer with a table of $tableBytes octets gets literals",
  ({ tableBytes }) => {
    const encoder = new HpackEncoder(CONSTANTS);
    const decoder = peer();
    encoder.setPeerTableSize(tableBytes);
    for (let i = 0; i < 3; i++) expect(read(decoder, answer(encoder))).toEqual(EXPECTED);
    expect(decoder.tableCount).toBe(0);
    expect(encoder.isWarm).toBe(false);
  },
);

test("a table just large enough holds the constants", () => {
  const encoder = new HpackEncoder(CONSTANTS);
  const decoder = peer();
  encoder.setPeerTableSize(104);
  for (let i = 0; i < 3; i++) expect(read(decoder, answer(encoder))).toEqual(EXPECTED);
  expect(encoder.isWarm).toBe(true);
  expect(decoder.tableBytes).toBe(104);
});

test("a table larger than the default changes nothing", () => {
  const encoder = new HpackEncoder(CONSTANTS);
  answer(encoder);
  encoder.setPeerTableSize(65_536);
  expect(encoder.isWarm).toBe(true);
});

test("a table that shrank and grew between two blocks is emptied before it is sized (RFC 7541 §4.2)", () => {
  const encoder = new HpackEncoder(CONSTANTS);
  const decoder = peer();
  read(decoder, answer(encoder));
  encoder.setPeerTableSize(0);
  encoder.setPeerTableSize(4096);
  const block = answer(encoder);
  expect([...block.subarray(0, 4)]).toEqual([0x20, 0x3f, 0xe1, 0x1f]);
  expect(read(decoder, block)).toEqual(EXPECTED);
  expect(decoder.tableCount).toBe(2);
});

test("status codes outside the static table are literals", () => {
  const encoder = new HpackEncoder(CONSTANTS);
  encoder.begin();
  encoder.status(415);
  const block = Buffer.from(encoder.block.subarray(0, encoder.length));
  expect(read(peer(), block)).toEqual([":status: 415"]);
});

test("property: whatever the peer's table sizes, it reads what was written", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("size" as const), size: fc.integer({ min: 0, max: 5000 }) }),
    fc.record({ kind: fc.constant("answer" as const) }),
    fc.record({
      kind: fc.constant("field" as const),
      name: fc.stringMatching(/^[a-z][a-z0-9-]{0,40}$/),
      value: fc.string({ unit: "binary-ascii", maxLength: 400 }),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const encoder = new HpackEncoder(CONSTANTS);
      const decoder = peer();
      for (const action of steps) {
        if (action.kind === "size") encoder.setPeerTableSize(action.size);
        else if (action.kind === "answer") expect(read(decoder, answer(encoder))).toEqual(EXPECTED);
        else {
          encoder.begin();
          encoder.field(action.name, action.value);
          const block = Buffer.from(encoder.block.subarray(0, encoder.length));
          expect(read(decoder, block)).toEqual([`${action.name}: ${action.value}`]);
        }
      }
    }),
    { numRuns: 500 },
  );
});
