import type { AppendWork, Entry } from "@quorate/core";
import { expect, test } from "vitest";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { newGroupCounters } from "../../src/group/counters.ts";
import { LogWriter } from "../../src/group/log-writer.ts";
import type { LogBatch, LogStore } from "../../src/log/log-store.ts";

/** A store whose appends settle when the test says so, in order. */
class ManualStore {
  readonly batches: LogBatch[] = [];
  readonly #settle: { resolve: () => void; reject: (error: unknown) => void }[] = [];

  append(batch: LogBatch): Promise<void> {
    this.batches.push(batch);
    return new Promise((resolve, reject) => this.#settle.push({ resolve, reject }));
  }

  async next(error?: Error): Promise<void> {
    const settle = this.#settle.shift();
    if (error === undefined) settle?.resolve();
    else settle?.reject(error);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function work(id: number, entries: number, commit?: number): AppendWork {
  return {
    id,
    hardState: commit === undefined ? undefined : { term: 1, vote: 1, commit },
    entries: Array.from(
      { length: entries },
      (_, nth): Entry => ({
        term: 1,
        index: id * 10 + nth,
        kind: "noop",
        payload: new Uint8Array(3),
      }),
    ),
    installSnapshot: undefined,
    mustSync: entries > 0,
    afterDurable: [],
  };
}

function writer(): {
  store: ManualStore;
  told: (number | string)[];
  log: LogWriter;
  environment: ReturnType<typeof memoryEnvironment>;
} {
  const store = new ManualStore();
  const told: (number | string)[] = [];
  const environment = memoryEnvironment();
  const log = new LogWriter(store as unknown as LogStore, environment, newGroupCounters(), {
    durable: ({ id }) => told.push(id),
    writeFailed: (error) => told.push(String(error)),
  });
  return { store, told, log, environment };
}

test("works are told in order, each when it is durable", async () => {
  const { store, told, log } = writer();
  log.write(work(1, 1));
  log.write(work(2, 2));
  expect(told).toEqual([]);
  await store.next();
  expect(told).toEqual([1]);
  await store.next();
  expect(told).toEqual([1, 2]);
});

test("a commit index alone needs no write, and waits for the writes before it", async () => {
  const { store, told, log } = writer();
  log.write(work(1, 0, 4));
  expect([told, store.batches]).toEqual([[1], []]);
  log.write(work(2, 1));
  log.write(work(3, 0, 5));
  expect(told).toEqual([1]);
  await store.next();
  expect(told).toEqual([1, 2, 3]);
  expect(store.batches.map(({ hardState }) => hardState?.commit)).toEqual([4]);
});

test("a held commit index is written with the next entries, or by itself when it has waited", async () => {
  const { store, log } = writer();
  log.write(work(1, 0, 4));
  log.write(work(2, 0, 5));
  log.flush();
  log.flush();
  expect(store.batches).toEqual([
    { hardState: { term: 1, vote: 1, commit: 5 }, entries: [], snapshot: undefined, sync: false },
  ]);
  await store.next();
  log.write(work(3, 0, 6));
  log.write(work(4, 1, 7));
  log.flush();
  expect(store.batches.at(-1)).toMatchObject({ hardState: { commit: 7 }, sync: true });
  expect(store.batches.length).toBe(2);
});

test("a failed write is told, and nothing after it", async () => {
  const { store, told, log } = writer();
  log.write(work(1, 1));
  log.write(work(2, 0, 3));
  await store.next(new Error("input/output error"));
  expect(told).toEqual(["Error: input/output error"]);
});

test("it knows how long the oldest write has been under way", async () => {
  const { store, log, environment } = writer();
  expect(log.waitingMs(environment.nowMs())).toBe(0);
  log.write(work(1, 1));
  await environment.world.run(100);
  log.write(work(2, 1));
  await environment.world.run(50);
  expect(log.waitingMs(environment.nowMs())).toBe(150);
  await store.next();
  expect(log.waitingMs(environment.nowMs())).toBe(50);
  await store.next();
  expect(log.waitingMs(environment.nowMs())).toBe(0);
});
