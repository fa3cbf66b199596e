import { equalBytes } from "../bytes/bytes.ts";
import type { OrderedStore, StoreBatch, StoreReader } from "./ordered-store.ts";

/** What the suite needs from a test runner. `equal` compares deeply and throws on a difference. */
export interface ComplianceRunner {
  test(name: string, run: () => Promise<void>): void;
  equal(actual: unknown, expected: unknown): void;
}

/** Makes stores for the suite. */
export interface StoreUnderTest {
  /** A new, empty store. */
  create(): Promise<OrderedStore>;
  /** The same store as a later process finds it. `store` was closed. */
  reopen(store: OrderedStore): Promise<OrderedStore>;
}

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

function contents(store: Pick<OrderedStore, "range">): number[][] {
  const found: number[][] = [];
  store.range(bytes(0), undefined, (key, value) => {
    found.push([...key, -1, ...value]);
    return true;
  });
  return found;
}

function put(batch: StoreBatch, key: number, value: number): void {
  batch.put(bytes(key), bytes(value));
}

/** What every `OrderedStore` must do, whatever it is made of. */
export function describeOrderedStore(runner: ComplianceRunner, subject: StoreUnderTest): void {
  describeReads(runner, subject);
  describeWrites(runner, subject);
  describeViews(runner, subject);
}

function describeReads({ test, equal }: ComplianceRunner, subject: StoreUnderTest): void {
  test("an empty store has nothing", async () => {
    const store = await subject.create();
    equal(store.get(bytes(1)), undefined);
    equal(contents(store), []);
    await store.close();
  });

  test("keys come in unsigned byte order, a prefix first", async () => {
    const store = await subject.create();
    const keys = [bytes(255), bytes(1, 0), bytes(128), bytes(1), bytes(1, 255), bytes(127, 3)];
    await store.write((batch) => {
      for (const key of keys) batch.put(key, key);
    });
    const order: number[][] = [];
    store.range(bytes(0), undefined, (key) => {
      order.push([...key]);
      return true;
    });
    equal(order, [[1], [1, 0], [1, 255], [127, 3], [128], [255]]);
    await store.close();
  });

  test("a range includes its start and not its end, both ways", async () => {
    const store = await subject.create();
    await store.write((batch) => {
      for (let key = 1; key <= 9; key++) put(batch, key, key);
    });
    const visited = (from: number, end: number | undefined, backward: boolean, limit?: number) => {
      const keys: number[] = [];
      const stop = end === undefined ? undefined : bytes(end);
      store.range(
        bytes(from),
        stop,
        (key) => {
          keys.push(key[0] as number);
          return true;
        },
        { backward, limit },
      );
      return keys;
    };
    equal(visited(3, 6, false), [3, 4, 5]);
    equal(visited(3, 6, true), [5, 4, 3]);
    equal(visited(7, undefined, false), [7, 8, 9]);
    equal(visited(7, undefined, true), [9, 8, 7]);
    equal(visited(2, 9, false, 2), [2, 3]);
    equal(visited(2, 9, true, 2), [8, 7]);
    equal(visited(2, 9, true, 0), []);
    equal(visited(6, 6, false), []);
    equal(visited(10, 20, true), []);
    await store.close();
  });

  test("ends of a range need not exist", async () => {
    const store = await subject.create();
    await store.write((batch) => {
      for (const key of [2, 4, 6, 8]) put(batch, key, key);
    });
    const up: number[] = [];
    store.range(bytes(3), bytes(7), (key) => up.push(key[0] as number) > 0);
    const down: number[] = [];
    store.range(bytes(3), bytes(7), (key) => down.push(key[0] as number) > 0, { backward: true });
    equal(
      [up, down],
      [
        [4, 6],
        [6, 4],
      ],
    );
    await store.close();
  });

  test("a visitor can stop, and read the store meanwhile", async () => {
    const store = await subject.create();
    await store.write((batch) => {
      for (let key = 1; key <= 5; key++) put(batch, key, 10 * key);
    });
    const seen: number[] = [];
    store.range(bytes(1), undefined, (key, value) => {
      seen.push(value[0] as number, store.get(bytes(5))?.[0] as number);
      return key[0] !== 2;
    });
    equal(seen, [10, 50, 20, 50]);
    await store.close();
  });

  test("a range that lends its values shows the same pairs", async () => {
    const store = await subject.create();
    const lengths = [0, 1, 4_000, 70_000, 3, 300_000, 2];
    await store.write((batch) => {
      lengths.forEach((length, i) => {
        batch.put(bytes(i), new Uint8Array(length).fill(i + 1));
      });
    });
    const lent = (reader: StoreReader, backward: boolean): number[][] => {
      const seen: number[][] = [];
      const visit = (key: Uint8Array, value: Uint8Array): boolean => {
        const sum = value.reduce((total, byte) => total + byte, 0);
        seen.push([key[0] as number, value.length, sum]);
        return key[0] !== 5;
      };
      reader.range(bytes(1), undefined, visit, { backward, lends: true });
      return seen;
    };
    const expected = lengths.map((length, i) => [i, length, length * (i + 1)]);
    equal(lent(store, false), expected.slice(1, 6));
    equal(lent(store, true), expected.slice(5).reverse());
    const view = store.pin();
    await store.write((batch) => batch.clear());
    equal(lent(view, false), expected.slice(1, 6));
    equal(lent(store, false), []);
    view.release();
    await store.close();
  });

  test("bytes that were read stay as they are", async () => {
    const store = await subject.create();
    await store.write((batch) => {
      put(batch, 1, 11);
      put(batch, 2, 22);
    });
    const first = store.get(bytes(1));
    const second = store.get(bytes(2));
    const ranged: Uint8Array[] = [];
    store.range(bytes(1), undefined, (key, value) => ranged.push(key, value) > 0);
    await store.write((batch) => {
      put(batch, 1, 33);
      batch.delete(bytes(2));
    });
    store.get(bytes(1));
    equal([first, second], [bytes(11), bytes(22)]);
    equal(
      ranged.map((part) => [...part]),
      [[1], [11], [2], [22]],
    );
    await store.close();
  });
}

/** Longer than a page of any store, and than its read buffer. */
const LARGE_VALUE_BYTES = 1 << 20;

function describeWrites({ test, equal }: ComplianceRunner, subject: StoreUnderTest): void {
  test("a write replaces, deletes, and survives reopening", async () => {
    const store = await subject.create();
    await store.write((batch) => {
      put(batch, 1, 1);
      put(batch, 2, 2);
    });
    await store.write((batch) => {
      put(batch, 1, 3);
      batch.delete(bytes(2));
      batch.delete(bytes(77));
      put(batch, 4, 4);
    });
    await store.close();
    const again = await subject.reopen(store);
    equal(contents(again), [
      [1, -1, 3],
      [4, -1, 4],
    ]);
    await again.close();
  });

  test("within a batch the last operation on a key wins", async () => {
    const store = await subject.create();
    await store.write((batch) => {
      put(batch, 1, 1);
      batch.delete(bytes(1));
      batch.delete(bytes(2));
      put(batch, 2, 2);
      put(batch, 3, 3);
      put(batch, 3, 4);
    });
    equal(contents(store), [
      [2, -1, 2],
      [3, -1, 4],
    ]);
    await store.close();
  });

  test("clear deletes what was there and what the batch put before", async () => {
    const store = await subject.create();
    await store.write((batch) => {
      put(batch, 1, 1);
      put(batch, 2, 2);
    });
    await store.write((batch) => {
      put(batch, 3, 3);
      batch.clear();
      put(batch, 4, 4);
    });
    equal(contents(store), [[4, -1, 4]]);
    await store.write((batch) => batch.clear());
    equal(contents(store), []);
    await store.close();
  });

  test("empty and large values come back whole", async () => {
    const store = await subject.create();
    const large = new Uint8Array(LARGE_VALUE_BYTES);
    for (let i = 0; i < large.length; i++) large[i] = i * 31;
    await store.write((batch) => {
      batch.put(bytes(1), bytes());
      batch.put(bytes(2), large);
    });
    equal(store.get(bytes(1)), bytes());
    equal(equalBytes(store.get(bytes(2)) ?? bytes(), large), true);
    const lengths: number[] = [];
    store.range(bytes(0), undefined, (_, value) => lengths.push(value.length) > 0);
    equal(lengths, [0, LARGE_VALUE_BYTES]);
    await store.close();
  });

  test("values may be parts of a larger buffer", async () => {
    const store = await subject.create();
    const buffer = Uint8Array.from({ length: 300 }, (_, i) => i);
    await store.write((batch) => {
      for (let i = 0; i < 100; i++) batch.put(bytes(i + 1), buffer.subarray(3 * i, 3 * i + 3));
    });
    equal(store.get(bytes(42)), buffer.slice(123, 126));
    equal(store.get(bytes(100)), buffer.slice(297, 300));
    await store.close();
  });

  test("a fill that throws changes nothing", async () => {
    const store = await subject.create();
    await store.write((batch) => put(batch, 1, 1));
    let message = "";
    try {
      await store.write((batch) => {
        put(batch, 2, 2);
        batch.clear();
        throw new Error("changed my mind");
      });
    } catch (error) {
      message = error instanceof Error ? error.message : "";
    }
    equal(message, "changed my mind");
    equal(contents(store), [[1, -1, 1]]);
    await store.write((batch) => put(batch, 3, 3));
    equal(contents(store), [
      [1, -1, 1],
      [3, -1, 3],
    ]);
    await store.close();
  });

  test("writes happen in the order of the calls, and close waits for them", async () => {
    const store = await subject.create();
    const writes: Promise<void>[] = [];
    for (let round = 0; round < 50; round++) {
      writes.push(store.write((batch) => put(batch, 1 + (round % 3), round)));
    }
    const closed = store.close();
    await Promise.all(writes);
    await closed;
    const again = await subject.reopen(store);
    equal(contents(again), [
      [1, -1, 48],
      [2, -1, 49],
      [3, -1, 47],
    ]);
    await again.close();
  });

  test("a closed store refuses writes", async () => {
    const store = await subject.create();
    await store.close();
    await store.close();
    let refused = false;
    await store
      .write((batch) => put(batch, 1, 1))
      .catch(() => {
        refused = true;
      });
    equal(refused, true);
  });

  test("size grows with the data and never holds less than is in use", async () => {
    const store = await subject.create();
    const before = store.size();
    await store.write((batch) => {
      for (let i = 0; i < 100; i++) batch.put(bytes(1, i), new Uint8Array(4000));
    });
    const after = store.size();
    equal(after.inUseBytes - before.inUseBytes >= 400_000, true);
    equal(after.bytes >= after.inUseBytes, true);
    await store.write((batch) => batch.clear());
    equal(store.size().inUseBytes < after.inUseBytes, true);
    await store.close();
  });
}

function describeViews({ test, equal }: ComplianceRunner, subject: StoreUnderTest): void {
  test("a view keeps the state it was pinned at", async () => {
    const store = await subject.create();
    await store.write((batch) => {
      for (let key = 1; key <= 200; key++) put(batch, key, key);
    });
    const view = store.pin();
    const before = contents(view);
    await store.write((batch) => {
      put(batch, 1, 99);
      batch.delete(bytes(2));
      put(batch, 201, 7);
    });
    await store.write((batch) => batch.clear());
    equal(contents(view), before);
    equal(view.get(bytes(2)), bytes(2));
    equal(view.get(bytes(201)), undefined);
    equal(contents(store), []);
    view.release();
    view.release();
    await store.close();
  });

  test("several views of different moments live side by side", async () => {
    const store = await subject.create();
    const views: { readonly round: number; readonly view: ReturnType<OrderedStore["pin"]> }[] = [];
    for (let round = 1; round <= 5; round++) {
      await store.write((batch) => {
        put(batch, round, round);
        put(batch, 100, round);
      });
      views.push({ round, view: store.pin() });
    }
    for (const { round, view } of views) {
      equal(view.get(bytes(100)), bytes(round));
      equal(contents(view).length, round + 1);
      view.release();
    }
    await store.close();
  });
}
