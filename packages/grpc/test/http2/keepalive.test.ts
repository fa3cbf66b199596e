import { describe, expect, test } from "vitest";
import { DEFAULT_KEEPALIVE, IdleWatch, PingJudge } from "../../src/http2/keepalive.ts";

describe("the client's pings", () => {
  test("two that come too early are let pass, the third is not", () => {
    const judge = new PingJudge(DEFAULT_KEEPALIVE);
    expect([0, 1, 2, 3].map((nowMs) => judge.accepts(nowMs, true))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test("pings at the allowed pace never add up", () => {
    const judge = new PingJudge(DEFAULT_KEEPALIVE);
    for (let i = 0; i < 100; i++) expect(judge.accepts(i * 5_000, true)).toBe(true);
  });

  test("without a call the allowed pace is two hours", () => {
    const judge = new PingJudge(DEFAULT_KEEPALIVE);
    expect([0, 5_000, 10_000, 15_000].map((nowMs) => judge.accepts(nowMs, false))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test("without a call the usual pace, where the server allows it", () => {
    const judge = new PingJudge({ ...DEFAULT_KEEPALIVE, allowPingsWithoutCalls: true });
    for (let i = 0; i < 10; i++) expect(judge.accepts(i * 5_000, false)).toBe(true);
  });

  test("headers or data of ours start a new count", () => {
    const judge = new PingJudge(DEFAULT_KEEPALIVE);
    for (let i = 0; i < 100; i++) {
      expect(judge.accepts(i, true)).toBe(true);
      if (i % 2 === 1) judge.forgive();
    }
  });
});

describe("silence", () => {
  const options = { ...DEFAULT_KEEPALIVE, pingAfterIdleMs: 1000, pingTimeoutMs: 100 };

  test("is answered by one ping, and then by giving up", () => {
    const watch = new IdleWatch(options, 0);
    expect([999, 1000, 1001, 1099, 1100].map((nowMs) => watch.check(nowMs))).toEqual([
      "fine",
      "ping",
      "fine",
      "fine",
      "dead",
    ]);
  });

  test("ends with anything received", () => {
    const watch = new IdleWatch(options, 0);
    expect(watch.check(1000)).toBe("ping");
    watch.received(1050);
    expect(watch.check(1200)).toBe("fine");
    expect(watch.check(2050)).toBe("ping");
  });
});
