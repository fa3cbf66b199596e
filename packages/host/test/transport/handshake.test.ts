import fc from "fast-check";
import { expect, test } from "vitest";
import type { Hello, Refusal, Welcome } from "../../src/transport/handshake.ts";
import {
  readHello,
  readRefusal,
  readWelcome,
  writeHello,
  writeRefusal,
  writeWelcome,
} from "../../src/transport/handshake.ts";
import { ByteWriter } from "../../src/wire/byte-writer.ts";
import { WireError } from "../../src/wire/wire-error.ts";

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const hostNumber = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const id = fc.string({ unit: "grapheme-ascii", maxLength: 64 });

const anyHello: fc.Arbitrary<Hello> = fc.record({
  versionMin: fc.nat(),
  version: fc.nat(),
  clusterId: id,
  host: hostNumber,
  target: hostNumber,
  dataId: id,
  incarnation: fc.maxSafeNat(),
  features: u32,
  nonce: u32,
  lane: fc.constantFrom("control" as const, "log" as const, "bulk" as const),
  address: id,
});

const anyWelcome: fc.Arbitrary<Welcome> = fc.record({
  version: fc.nat(),
  host: hostNumber,
  dataId: id,
  incarnation: fc.maxSafeNat(),
  features: u32,
  nonce: u32,
});

test("hello and welcome come back as they were", () => {
  fc.assert(
    fc.property(anyHello, anyWelcome, (hello, welcome) => {
      const writer = new ByteWriter();
      writeHello(writer, hello);
      expect(readHello(writer.take())).toEqual(hello);
      writeWelcome(writer, welcome);
      expect(readWelcome(writer.take())).toEqual(welcome);
    }),
  );
});

test("a newer version may say more than this one understands", () => {
  fc.assert(
    fc.property(anyHello, fc.uint8Array({ maxLength: 20 }), (hello, more) => {
      const writer = new ByteWriter();
      writeHello(writer, hello);
      writer.raw(more);
      expect(readHello(writer.take())).toEqual(hello);
    }),
  );
});

test("a refusal keeps its code and its reason", () => {
  const refusal: Refusal = { code: "olderIncarnation", reason: "an old copy" };
  const writer = new ByteWriter();
  writeRefusal(writer, refusal);
  expect(readRefusal(writer.take())).toEqual(refusal);
});

test("random bytes give a handshake or a typed error, nothing else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const read of [readHello, readWelcome, readRefusal]) {
        try {
          read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }
    }),
    { numRuns: 5_000 },
  );
});
