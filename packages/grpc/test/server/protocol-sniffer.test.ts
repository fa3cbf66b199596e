import { describe, expect, test } from "vitest";
import { CLIENT_PREFACE } from "../../src/http2/protocol.ts";
import { ProtocolSniffer } from "../../src/server/protocol-sniffer.ts";

const PREFACE = Buffer.from(CLIENT_PREFACE);

test("the preface, in every split, and what follows it", () => {
  const bytes = Buffer.concat([PREFACE, Buffer.from("frames")]);
  for (let at = 1; at < bytes.length; at++) {
    const sniffer = new ProtocolSniffer();
    const first = sniffer.push(bytes.subarray(0, at));
    expect(first).toBe(at < PREFACE.length ? "undecided" : "http2");
    if (first === "undecided") expect(sniffer.push(bytes.subarray(at))).toBe("http2");
    const expected = first === "http2" ? bytes.subarray(PREFACE.length, at) : "frames";
    expect(sniffer.afterPreface.toString()).toBe(expected.toString());
  }
});

describe("anything else is decided by the first byte that differs", () => {
  test.each([
    ["GET / HTTP/1.1", 1],
    ["POST /v3/kv/put HTTP/1.1", 2],
    ["PUT / HTTP/1.1", 2],
    ["PROPFIND / HTTP/1.1", 3],
    ["PRI * HTTP/1.1", 12],
    ["\x16\x03\x01", 1],
  ])("%j after %i bytes", (text, decidedAfter) => {
    const sniffer = new ProtocolSniffer();
    for (let at = 0; at < decidedAfter; at++) {
      const protocol = sniffer.push(Buffer.from(text.charAt(at), "latin1"));
      expect(protocol).toBe(at + 1 < decidedAfter ? "undecided" : "http1");
    }
    expect(sniffer.seen.toString("latin1")).toBe(text.slice(0, decidedAfter));
  });
});
