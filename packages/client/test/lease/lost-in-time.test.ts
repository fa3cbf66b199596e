import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { KeepAlive } from "../../src/lease/keep-alive.ts";
import { Lease } from "../../src/lease/lease.ts";
import type { Requests } from "../../src/requests.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Members that never answer. */
function silent(closed: AbortSignal): Requests {
  return { closed, openStream: () => new Promise(() => undefined) } as unknown as Requests;
}

function kept(keepAlive: KeepAlive, ttlSeconds: number): Lease {
  const lease = new Lease(7n, ttlSeconds, performance.now(), {
    revoke: () => Promise.resolve(),
    forget: () => keepAlive.remove(7n),
  });
  keepAlive.add(lease);
  return lease;
}

test("a lease that nobody extends is lost once, and its loss ends", () => {
  const keepAlive = new KeepAlive(silent(new AbortController().signal));
  const lease = kept(keepAlive, 2);
  let losses = 0;
  lease.lost.addEventListener("abort", () => {
    losses += 1;
  });
  vi.advanceTimersByTime(2_001);
  expect(losses).toBe(1);
  expect(lease.remainingMs).toBe(0);
  expect(lease.lost.reason).toMatchObject({ code: "LEASE_LOST", outcome: "notApplied" });
  expect(vi.getTimerCount()).toBe(0);
});

test("a lease that is no longer kept alive is lost when its time is over", () => {
  const keepAlive = new KeepAlive(silent(new AbortController().signal));
  const lease = kept(keepAlive, 2);
  lease.stopKeepingAlive();
  vi.advanceTimersByTime(1_900);
  expect(lease.lost.aborted).toBe(false);
  vi.advanceTimersByTime(200);
  expect(lease.lost.aborted).toBe(true);
});

test("a client that is closed while its leases are over loses each of them once", () => {
  const closing = new AbortController();
  const keepAlive = new KeepAlive(silent(closing.signal));
  const lease = kept(keepAlive, 2);
  vi.spyOn(performance, "now").mockReturnValue(performance.now() + 3_000);
  closing.abort();
  expect(lease.lost.reason).toMatchObject({ code: "LEASE_LOST" });
});
