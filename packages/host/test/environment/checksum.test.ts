import { createHash } from "node:crypto";
import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32, crc32Range } from "../../src/environment/crc32.ts";
import { PortableSha256 } from "../../src/environment/sha256.ts";
import { nodeChecksum } from "../../src/node/node-checksum.ts";

test("the portable CRC-32 equals zlib's for every length and start value", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(), (bytes, initial) => {
      expect(crc32(bytes, initial)).toBe(zlibCrc32(bytes, initial));
      expect(nodeChecksum.crc32(bytes, initial)).toBe(zlibCrc32(bytes, initial));
    }),
  );
});

test("a CRC over pieces equals the CRC over the whole", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), (bytes, seed) => {
      const cut = seed % bytes.length;
      const first = crc32Range(bytes, 0, cut, 0);
      expect(crc32Range(bytes, cut, bytes.length, first)).toBe(zlibCrc32(bytes));
    }),
  );
});

test("the portable SHA-256 equals the native one however the bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 8 }), (pieces) => {
      const portable = new PortableSha256();
      const native = createHash("sha256");
      for (const piece of pieces) {
        portable.update(piece);
        native.update(piece);
      }
      expect(portable.digestHex()).toBe(native.digest("hex"));
    }),
  );
});

test("SHA-256 of nothing is the well-known value", () => {
  expect(new PortableSha256().digestHex()).toBe(
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
});
