import type { PeerMessage } from "@quorate/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readMessage, writeMessage } from "../../src/transport/message-codec.ts";
import { ByteReader } from "../../src/wire/byte-reader.ts";
import { ByteWriter } from "../../src/wire/byte-writer.ts";
import { WireError } from "../../src/wire/wire-error.ts";
import { anyMessage } from "./arbitraries.ts";

test("every message comes back as it was", () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const writer = new ByteWriter();
      writeMessage(writer, message);
      const reader = new ByteReader(writer.take());
      expect(readMessage(reader, message.from, message.to)).toEqual(message);
      reader.end();
    }),
    { numRuns: 1_000 },
  );
});

test("a refused vote carries what the voter knows to be committed", () => {
  const committed = { term: 7, index: 300 };
  const message: PeerMessage = {
    type: "preVoteReply",
    from: 1,
    to: 2,
    term: 8,
    granted: false,
    committed,
  };
  const writer = new ByteWriter();
  writeMessage(writer, message);
  expect(readMessage(new ByteReader(writer.take()), 1, 2)).toEqual(message);
});

test("a message cut anywhere is refused with a typed error", () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const writer = new ByteWriter();
      writeMessage(writer, message);
      const bytes = writer.take();
      for (let length = 0; length < bytes.length; length++) {
        expect(() => readMessage(new ByteReader(bytes, 0, length), 1, 2)).toThrow(WireError);
      }
    }),
    { numRuns: 100 },
  );
});

test("random bytes give a message or a typed error, nothing else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        readMessage(new ByteReader(bytes), 1, 2);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }),
    { numRuns: 20_000 },
  );
});

test("one flipped byte gives another message or a typed error, nothing else", () => {
  fc.assert(
    fc.property(anyMessage, fc.nat(), fc.integer({ min: 1, max: 255 }), (message, where, flip) => {
      const writer = new ByteWriter();
      writeMessage(writer, message);
      const bytes = writer.take();
      const place = where % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ flip;
      try {
        readMessage(new ByteReader(bytes), 1, 2);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }),
    { numRuns: 5_000 },
  );
});

test("the bytes of an append never change their meaning", () => {
  const writer = new ByteWriter();
  writeMessage(writer, {
    type: "append",
    from: 1,
    to: 2,
    term: 3,
    previous: { term: 2, index: 300 },
    commit: 299,
    entries: [{ term: 3, index: 301, kind: "command", payload: Uint8Array.of(0xaa, 0xbb) }],
  });
  expect(Buffer.from(writer.take()).toString("hex")).toBe("010302ac02ab02010003" + "02aabb");
});
