import type { Entry, EntryKind, SnapshotInfo } from "@quorate/core";
import type { LogBatch, LogStore, RecoveredLog } from "../log/log-store.ts";
import { type ComplianceRunner, rejectionCode } from "./compliance-runner.ts";

/** A log store that was opened, and what it recovered. */
export interface OpenLogStore {
  readonly store: LogStore;
  readonly recovered: RecoveredLog;
}

/** What the suite needs of an implementation under test. */
export interface LogStoreUnderTest {
  /** An empty log that keeps only a few entries of a hundred bytes in memory, new for every call. */
  create(): Promise<OpenLogStore>;
  /** The same log after the process was killed, without a word to the store, and started again. */
  restart(store: LogStore): Promise<OpenLogStore>;
}

/** Checks an implementation of `LogStore` against its contract. */
export function logStoreCompliance(runner: ComplianceRunner, subject: LogStoreUnderTest): void {
  durability(runner, subject);
  suffixes(runner, subject);
  reading(runner, subject);
  snapshots(runner, subject);
}

function durability(runner: ComplianceRunner, subject: LogStoreUnderTest): void {
  const { test, equal } = runner;

  test("an empty log stays empty", async () => {
    const { store, recovered } = await subject.create();
    const empty: RecoveredLog = {
      hardState: { term: 0, vote: 0, commit: 0 },
      firstIndex: 1,
      last: { index: 0, term: 0 },
      snapshots: [],
      truncatedBytes: 0,
    };
    equal(recovered, empty);
    equal(
      [store.firstIndex, store.lastIndex, store.term(0), store.term(1)],
      [1, 0, 0, "unavailable"],
    );
    equal(store.cached(1, 1, 100), []);
    equal((await subject.restart(store)).recovered, empty);
  });

  test("entries of every kind and size, and the hard state, survive the process", async () => {
    const { store } = await subject.create();
    const kinds: readonly EntryKind[] = ["noop", "command", "membership"];
    const sizes = [0, 1, 7, 8, 127, 128, 300, 5_000, 100_000];
    const all = sizes.map((size, place) => made(place + 1, 1 + place, size, kinds[place % 3]));
    const hardState = { term: 2 ** 40, vote: 2 ** 50, commit: 3 };
    await store.append(batch(all, { hardState }));
    const again = await subject.restart(store);
    equal(again.recovered.hardState, hardState);
    equal(again.recovered.last, { index: 9, term: 9 });
    equal(shown(await readAll(again.store)), shown(all));
  });

  test("appends settle in call order, however many are on their way", async () => {
    const { store } = await subject.create();
    const settled: number[] = [];
    const appends: Promise<void>[] = [];
    for (let index = 1; index <= 200; index += 1) {
      const append = store.append(batch([made(index, 1, 20)]));
      appends.push(
        append.then(() => {
          settled.push(index);
        }),
      );
      equal(store.lastIndex, index);
    }
    await Promise.all(appends);
    equal(
      settled,
      [...settled].sort((left, right) => left - right),
    );
    equal(settled.length, 200);
    equal((await subject.restart(store)).recovered.last.index, 200);
  });

  test("a batch that need not be durable settles all the same, and is written with what follows", async () => {
    const { store } = await subject.create();
    await store.append(batch([made(1, 1, 5)]));
    await store.append(batch([], { sync: false, hardState: { term: 1, vote: 1, commit: 1 } }));
    await store.append(batch([made(2, 1, 5)]));
    const { recovered } = await subject.restart(store);
    equal(recovered.hardState, { term: 1, vote: 1, commit: 1 });
  });

  test("closing writes everything down, twice does no harm, and nothing goes on after it", async () => {
    const { store } = await subject.create();
    const append = store.append(batch([made(1, 1, 5)]));
    await store.append(batch([], { sync: false, hardState: { term: 3, vote: 2, commit: 1 } }));
    await store.close();
    await store.close();
    equal(await rejectionCode(append), "none");
    equal(await rejectionCode(store.append(batch([made(2, 1, 5)]))), "STOPPED");
    const { recovered } = await subject.restart(store);
    equal(recovered.hardState, { term: 3, vote: 2, commit: 1 });
    equal(recovered.last.index, 1);
  });

  test("the memory entries came in may be used again once append has settled", async () => {
    const { store } = await subject.create();
    const network = new Uint8Array(1_000);
    const entries: Entry[] = [];
    for (let index = 1; index <= 10; index += 1) {
      network.fill(index, index * 50, index * 50 + 40);
      const payload = network.subarray(index * 50, index * 50 + 40);
      entries.push({ index, term: 1, kind: "command", payload });
    }
    await store.append(batch(entries));
    network.fill(0xff);
    for (const entry of await readAll(store)) {
      equal(new Set(entry.payload), new Set([entry.index]));
    }
  });

  test("a batch that does not continue the log is refused and changes nothing", async () => {
    const { store } = await subject.create();
    await store.append(batch(range(1, 5, 2)));
    const wrong: readonly LogBatch[] = [
      batch([made(7, 2, 1)]),
      batch([made(0, 2, 1)]),
      batch([made(6, 2, 1), made(8, 2, 1)]),
      batch([made(6, 3, 1), made(7, 2, 1)]),
      batch([], { hardState: { term: 2, vote: 0, commit: 6 } }),
    ];
    for (const each of wrong) equal(await rejectionCode(store.append(each)), "INVALID_ARGUMENT");
    equal(store.lastIndex, 5);
    await store.append(batch([made(6, 2, 1)]));
    equal((await subject.restart(store)).recovered.last, { index: 6, term: 2 });
  });
}

function suffixes(runner: ComplianceRunner, subject: LogStoreUnderTest): void {
  const { test, equal } = runner;

  test("entries replace everything at and after their index", async () => {
    const { store } = await subject.create();
    await store.append(batch(range(1, 50, 1)));
    await store.append(batch(range(21, 25, 2)));
    const expected = shown([...range(1, 20, 1), ...range(21, 25, 2)]);
    equal(shown(await readAll(store)), expected);
    equal([store.term(20), store.term(21), store.term(26)], [1, 2, "unavailable"]);
    const again = await subject.restart(store);
    equal(again.recovered.last, { index: 25, term: 2 });
    equal(shown(await readAll(again.store)), expected);
  });

  test("a suffix replaced while it is on its way is replaced for good", async () => {
    const { store } = await subject.create();
    const appends = [
      store.append(batch(range(1, 9, 1))),
      store.append(batch(range(4, 6, 2))),
      store.append(batch(range(7, 30, 2))),
      store.append(batch(range(2, 3, 3))),
    ];
    equal(store.lastIndex, 3);
    await Promise.all(appends);
    const expected = shown([...range(1, 1, 1), ...range(2, 3, 3)]);
    equal(shown(await readAll(store)), expected);
    equal(shown(await readAll((await subject.restart(store)).store)), expected);
  });
}

function reading(runner: ComplianceRunner, subject: LogStoreUnderTest): void {
  const { test, equal } = runner;

  test("what is no longer in memory is loading, and then read from the disk", async () => {
    const { store } = await subject.create();
    for (let index = 1; index <= 300; index += 1) await store.append(batch([made(index, 1, 100)]));
    equal(store.cached(1, 2, 10), "loading");
    equal(Array.isArray(store.cached(300, 301, 10)), true);
    const read = await store.read(1, 301, 1_000);
    equal(read[0]?.index, 1);
    equal(read.length >= 1 && read.length <= 10, true);
    equal(shown(await readAll(store)), shown(range(1, 300, 1)));
  });

  test("reads are cut after the bytes asked for, but never empty", async () => {
    const { store } = await subject.create();
    await store.append(batch(range(1, 20, 1)));
    equal(
      (await store.read(3, 10, 0)).map((entry) => entry.index),
      [3],
    );
    equal(
      (await store.read(3, 10, 250)).map((entry) => entry.index),
      [3, 4],
    );
    equal(
      (await store.read(3, 6, 1_000_000)).map((entry) => entry.index),
      [3, 4, 5],
    );
  });

  test("what the log does not hold has its own answer", async () => {
    const { store } = await subject.create();
    await store.append(batch(range(1, 5, 1)));
    equal(store.cached(5, 7, 100), "unavailable");
    equal(store.term(6), "unavailable");
    equal(await store.read(6, 8, 100), []);
  });
}

function snapshots(runner: ComplianceRunner, subject: LogStoreUnderTest): void {
  const { test, equal } = runner;

  test("the two newest markers survive", async () => {
    const { store } = await subject.create();
    await store.append(batch(range(1, 50, 1)));
    for (const index of [10, 20, 30]) {
      await store.append(
        batch([], { snapshot: { info: described(index, 1), replacesLog: false } }),
      );
    }
    const { recovered } = await subject.restart(store);
    equal(recovered.snapshots, [described(30, 1), described(20, 1)]);
  });

  test("a received snapshot takes the place of everything before it", async () => {
    const { store } = await subject.create();
    await store.append(batch(range(1, 50, 1)));
    const hardState = { term: 7, vote: 0, commit: 80 };
    const snapshot = { info: described(80, 6), replacesLog: true };
    await store.append(batch([], { snapshot, hardState }));
    equal([store.firstIndex, store.lastIndex], [81, 80]);
    equal([store.term(79), store.term(80), store.term(81)], ["compacted", 6, "unavailable"]);
    equal(store.cached(50, 51, 10), "compacted");
    equal(await store.read(50, 51, 10), []);
    await store.append(batch(range(81, 83, 7)));
    const again = await subject.restart(store);
    equal([again.store.firstIndex, again.recovered.last], [81, { index: 83, term: 7 }]);
    equal(again.recovered.snapshots, [described(80, 6)]);
    equal(again.recovered.hardState, hardState);
    equal(shown(await readAll(again.store)), shown(range(81, 83, 7)));
  });

  test("compaction gives up no more than it was asked to, and keeps every term it must know", async () => {
    const { store } = await subject.create();
    for (let from = 1; from <= 2_000; from += 20)
      await store.append(batch(range(from, from + 19, 1)));
    for (const index of [1_000, 1_500]) {
      await store.append(
        batch([], { snapshot: { info: described(index, 1), replacesLog: false } }),
      );
    }
    const first = await store.compact(900);
    equal(first, store.firstIndex);
    equal(first >= 1 && first <= 901, true);
    equal(store.term(first - 1), first === 1 ? 0 : 1);
    equal(shown(await readAll(store)), shown(range(first, 2_000, 1)));
    const again = await subject.restart(store);
    equal(again.store.firstIndex, first);
    equal(shown(await readAll(again.store)), shown(range(first, 2_000, 1)));
  });
}

function made(index: number, term: number, bytes: number, kind: EntryKind = "command"): Entry {
  return { index, term, kind, payload: new Uint8Array(bytes).fill(index % 251) };
}

function range(from: number, to: number, term: number): Entry[] {
  const entries: Entry[] = [];
  for (let index = from; index <= to; index += 1) entries.push(made(index, term, 100));
  return entries;
}

function batch(entries: readonly Entry[], more: Partial<LogBatch> = {}): LogBatch {
  return { hardState: undefined, entries, snapshot: undefined, sync: true, ...more };
}

function described(index: number, term: number): SnapshotInfo {
  const membership = {
    voters: [1, 2],
    outgoing: [],
    learners: [3],
    learnersNext: [],
    autoLeave: false,
  };
  return { index, term, id: `snapshot-${index}`, bytes: index * 10, membership };
}

async function readAll(store: LogStore): Promise<Entry[]> {
  const all: Entry[] = [];
  for (let next = store.firstIndex; next <= store.lastIndex; ) {
    const read = await store.read(next, store.lastIndex + 1, 10_000);
    if (read.length === 0) throw new Error(`the log does not give entry ${next}`);
    all.push(...read);
    next += read.length;
  }
  return all;
}

function shown(entries: readonly Entry[]): string[] {
  return entries.map(({ index, term, kind, payload }) => {
    const fill = payload.every((byte) => byte === index % 251) ? "as made" : "changed";
    return `${index} ${term} ${kind} ${payload.length} ${fill}`;
  });
}
