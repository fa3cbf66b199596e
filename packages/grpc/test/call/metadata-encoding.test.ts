import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeMetadataBytes,
  encodeMetadataValue,
  encodeStatusMessage,
} from "../../src/call/metadata-encoding.ts";

describe("status messages", () => {
  test.each([
    ["", ""],
    ["plain text, with signs !$&~", "plain text, with signs !$&~"],
    ["100%", "100%25"],
    ["a\nb", "a%0Ab"],
    ["größer", "gr%C3%B6%C3%9Fer"],
    ["😀", "%F0%9F%98%80"],
    ["\u007f", "%7F"],
  ])("%j is sent as %j", (text, encoded) => {
    expect(encodeStatusMessage(text)).toBe(encoded);
  });

  test("property: short ones come back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 100 }), (text) => {
        const encoded = encodeStatusMessage(text);
        expect(encoded).toMatch(/^[ -~]*$/);
        expect(decodeURIComponent(encoded)).toBe(text);
      }),
    );
  });

  test("long ones are cut between characters", () => {
    expect(encodeStatusMessage("x".repeat(5000))).toBe("x".repeat(4096));
    const cut = encodeStatusMessage(`x${"é".repeat(5000)}`);
    expect(decodeURIComponent(cut)).toBe(`x${"é".repeat(2047)}`);
  });
});

describe("metadata", () => {
  test("text stays as it is, bytes become base64 without padding", () => {
    expect(encodeMetadataValue("x-name", " a b ")).toBe("a b");
    expect(encodeMetadataValue("x-data-bin", Uint8Array.of(0))).toBe("AA");
  });

  test.each([
    ["Upper", "x"],
    ["grpc-status", "0"],
    ["with space", "x"],
    ["", "x"],
    ["x-name", "ünicode"],
    ["x-name", "new\nline"],
    ["x-name", Uint8Array.of(1)],
    ["x-data-bin", "text"],
  ])("%j with %j is a mistake", (name, value) => {
    expect(() => encodeMetadataValue(name, value)).toThrow(TypeError);
  });

  test("received bytes, padded or not, the first of several", () => {
    expect(decodeMetadataBytes("AAE")).toEqual(Uint8Array.of(0, 1));
    expect(decodeMetadataBytes("AAE=")).toEqual(Uint8Array.of(0, 1));
    expect(decodeMetadataBytes("AAE=,/w")).toEqual(Uint8Array.of(0, 1));
    expect(decodeMetadataBytes("")).toEqual(new Uint8Array(0));
    expect(decodeMetadataBytes("no base64!")).toBeUndefined();
  });
});
