import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CompressionError, HpackDecoder } from "../../src/hpack/hpack-decoder.ts";

const decoder = (options: { maxTableBytes?: number; maxListBytes?: number } = {}): HpackDecoder =>
  new HpackDecoder({
    maxTableBytes: options.maxTableBytes ?? 4096,
    maxListBytes: options.maxListBytes ?? 65_536,
    classify: () => 0,
  });

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(" ", ""), "hex");

const decode = (hpack: HpackDecoder, hex: string): string[] => {
  const block = bytes(hex);
  return hpack.decode(block, 0, block.length).map((field) => `${field.name}: ${field.value}`);
};

describe("the examples of RFC 7541 Appendix C", () => {
  test.each([
    {
      section: "C.2.1",
      hex: "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572",
      fields: ["custom-key: custom-header"],
      tableBytes: 55,
    },
    {
      section: "C.2.2",
      hex: "040c 2f73 616d 706c 652f 7061 7468",
      fields: [":path: /sample/path"],
      tableBytes: 0,
    },
    {
      section: "C.2.3",
      hex: "1008 7061 7373 776f 7264 0673 6563 7265 74",
      fields: ["password: secret"],
      tableBytes: 0,
    },
    { section: "C.2.4", hex: "82", fields: [":method: GET"], tableBytes: 0 },
  ])("$section one field", ({ hex, fields, tableBytes }) => {
    const hpack = decoder();
    expect(decode(hpack, hex)).toEqual(fields);
    expect(hpack.tableBytes).toBe(tableBytes);
  });

  const requests = [
    [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"],
    [
      ":method: GET",
      ":scheme: http",
      ":path: /",
      ":authority: www.example.com",
      "cache-control: no-cache",
    ],
    [
      ":method: GET",
      ":scheme: https",
      ":path: /index.html",
      ":authority: www.example.com",
      "custom-key: custom-value",
    ],
  ];
  test.each([
    {
      section: "C.3 requests, plain",
      blocks: [
        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "8286 84be 5808 6e6f 2d63 6163 6865",
        "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
      ],
    },
    {
      section: "C.4 requests, Huffman",
      blocks: [
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
        "8286 84be 5886 a8eb 1064 9cbf",
        "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
      ],
    },
  ])("$section", ({ blocks }) => {
    const hpack = decoder();
    expect(blocks.map((block) => decode(hpack, block))).toEqual(requests);
    expect(hpack.tableBytes).toBe(164);
    expect(hpack.tableCount).toBe(3);
  });

  const cookie = "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";
  const responses = [
    [
      ":status: 302",
      "cache-control: private",
      "date: Mon, 21 Oct 2013 20:13:21 GMT",
      "location: https://www.example.com",
    ],
    [
      ":status: 307",
      "cache-control: private",
      "date: Mon, 21 Oct 2013 20:13:21 GMT",
      "location: https://www.example.com",
    ],
    [
      ":status: 200",
      "cache-control: private",
      "date: Mon, 21 Oct 2013 20:13:22 GMT",
      "location: https://www.example.com",
      "content-encoding: gzip",
      cookie,
    ],
  ];
  test.each([
    {
      section: "C.5 responses with eviction, plain",
      blocks: [
        "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "4803 3330 37c1 c0bf",
        "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31",
      ],
    },
    {
      section: "C.6 responses with eviction, Huffman",
      blocks: [
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
        "4883 640e ffc1 c0bf",
        "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
      ],
    },
  ])("$section", ({ blocks }) => {
    const hpack = decoder({ maxTableBytes: 256 });
    const sizes = blocks.map((block, i) => {
      expect(decode(hpack, block)).toEqual(responses[i]);
      return hpack.tableBytes;
    });
    expect(sizes).toEqual([222, 222, 215]);
  });
});

describe("blocks that are refused", () => {
  test.each([
    { why: "index 0", hex: "80" },
    { why: "index past the static table", hex: "be" },
    { why: "name index past the tables", hex: "7f 20 01 61" },
    { why: "block ends inside an integer", hex: "ff" },
    { why: "block ends inside a continued integer", hex: "ff 80" },
    { why: "integer of five continuation octets", hex: "ff 80 80 80 80 00" },
    { why: "block ends before a string", hex: "40" },
    { why: "block ends inside a name", hex: "40 05 61 62" },
    { why: "block ends inside a value", hex: "40 01 61 05 62" },
    { why: "a length of 2^28 octets", hex: "40 7f ff ff ff 7f" },
    { why: "Huffman padding of zeroes", hex: "40 01 61 81 18" },
    { why: "Huffman padding of a whole octet", hex: "40 01 61 82 1f ff" },
    { why: "the end-of-string symbol inside a string", hex: "40 01 61 84 ff ff ff ff" },
    { why: "table size over what we announced", hex: "3f e2 1f" },
    { why: "table size after a field", hex: "82 20" },
  ])("$why", ({ hex }) => {
    expect(() => decode(decoder(), hex)).toThrow(CompressionError);
  });
});

describe("the dynamic table", () => {
  test("a size update to zero empties it, and fields can be added again afterwards", () => {
    const hpack = decoder();
    decode(hpack, "4001 6101 62");
    expect(hpack.tableCount).toBe(1);
    expect(decode(hpack, "20 3f e1 1f 4001 6301 64")).toEqual(["c: d"]);
    expect(decode(hpack, "be")).toEqual(["c: d"]);
    expect(() => decode(hpack, "bf")).toThrow("index outside the tables");
  });

  test("a field larger than the table empties it and is still delivered", () => {
    const hpack = decoder({ maxTableBytes: 40 });
    decode(hpack, "4001 6101 62");
    const [field] = decode(hpack, `4001 6114 ${"62".repeat(20)}`);
    expect(field).toBe(`a: ${"b".repeat(20)}`);
    expect(hpack.tableCount).toBe(0);
  });

  test("a field may take its name from the very field it pushes out", () => {
    const hpack = decoder({ maxTableBytes: 34 });
    decode(hpack, "4001 6101 62");
    expect(decode(hpack, "7e 01 63")).toEqual(["a: c"]);
    expect(decode(hpack, "be")).toEqual(["a: c"]);
  });
});

describe("a list over the limit", () => {
  test("is cut off, reported, and leaves the table in step", () => {
    const hpack = decoder({ maxListBytes: 100 });
    const many = "4001 6101 62".repeat(5);
    expect(decode(hpack, many)).toHaveLength(2);
    expect(hpack.overflowed).toBe(true);
    expect(hpack.tableCount).toBe(5);
    expect(decode(hpack, "be")).toEqual(["a: b"]);
    expect(hpack.overflowed).toBe(false);
  });

  test("one octet repeated that refers to a field of 4 KiB keeps nothing beyond the limit", () => {
    const hpack = decoder({ maxListBytes: 65_536 });
    const large = Buffer.concat([
      bytes("4001 61 7f a0 1e"),
      Buffer.alloc(127 + 0x20 + (0x1e << 7), 0x62),
    ]);
    hpack.decode(large, 0, large.length);
    expect(hpack.tableCount).toBe(1);
    const bomb = Buffer.alloc(16_384, 0xbe);
    const fields = hpack.decode(bomb, 0, bomb.length);
    expect(hpack.overflowed).toBe(true);
    expect(fields.length * 4000).toBeLessThanOrEqual(65_536);
  });
});

test("property: no input makes it throw anything else or grow past its limits", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (blocks) => {
      const hpack = decoder({ maxTableBytes: 256, maxListBytes: 512 });
      for (const raw of blocks) {
        const block = Buffer.from(raw);
        try {
          const fields = hpack.decode(block, 0, block.length);
          const listBytes = fields.reduce((sum, field) => sum + field.sizeBytes, 0);
          expect(listBytes).toBeLessThanOrEqual(512);
        } catch (error) {
          expect(error).toBeInstanceOf(CompressionError);
          return;
        }
        expect(hpack.tableBytes).toBeLessThanOrEqual(256);
      }
    }),
    { numRuns: 3000 },
  );
});
