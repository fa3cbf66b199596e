import { expect, test } from "vitest";
import { RequestTimes } from "../../src/console/request-times.ts";
import type { ServiceMethod, UnaryServiceMethod } from "../../src/rpc/typed-method.ts";

function unary(path: string, take: () => Promise<Uint8Array> | Uint8Array): UnaryServiceMethod {
  return { kind: "unary", path, handle: take, handleJson: () => ({ message: {}, pieces: [] }) };
}

test("requests of the last seconds, by how long they took", async () => {
  let now = 0;
  const times = new RequestTimes(() => now);
  let takes = 0;
  const put = times.timed(
    unary("/etcdserverpb.KV/Put", () => {
      now += takes;
      return new Uint8Array();
    }),
  ) as UnaryServiceMethod;
  const call = {} as never;
  for (takes = 1; takes <= 60; takes += 1) await put.handle(new Uint8Array(), call);
  expect(times.summary()).toEqual({ count: 60, p50Ms: 30, p99Ms: 59 });
  now += 60_000;
  expect(times.summary()).toEqual({ count: 60, p50Ms: 0, p99Ms: 0 });
});

test("a request that fails later counts with the time it took, and fails", async () => {
  let now = 0;
  const times = new RequestTimes(() => now);
  const range = times.timed(
    unary("/etcdserverpb.KV/Range", async () => {
      now += 7;
      throw new Error("no leader");
    }),
  ) as UnaryServiceMethod;
  await expect(range.handle(new Uint8Array(), {} as never)).rejects.toThrow("no leader");
  expect(times.summary()).toEqual({ count: 1, p50Ms: 7, p99Ms: 7 });
});

test("methods that nobody waits for are left as they are", () => {
  const times = new RequestTimes(() => 0);
  const status: ServiceMethod = unary("/etcdserverpb.Maintenance/Status", () => new Uint8Array());
  expect(times.timed(status)).toBe(status);
});
