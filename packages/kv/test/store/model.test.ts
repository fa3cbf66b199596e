import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { binaryString, bytesOfBinaryString, equalBytes } from "../../src/bytes/bytes.ts";
import { LmdbStore } from "../../src/lmdb/index.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";
import type {
  OrderedStore,
  StoreBatch,
  StoreReader,
  StoreView,
} from "../../src/store/ordered-store.ts";

const root = mkdtempSync(join(tmpdir(), "quorate-kv-model-"));
let directories = 0;
afterAll(() => rmSync(root, { recursive: true, force: true }));

const key = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 3 }),
  fc.nat(500).map((n) => new TextEncoder().encode(`k${n}`)),
);
const value = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.nat(9000).map((length) => new Uint8Array(length).fill(length)),
);
const operation = fc.oneof(
  { weight: 20, arbitrary: fc.record({ type: fc.constant("put" as const), key, value }) },
  { weight: 8, arbitrary: fc.record({ type: fc.constant("delete" as const), key }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("clear" as const) }) },
);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("write" as const),
      operations: fc.array(operation, { maxLength: 60 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("pin" as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("release" as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("reopen" as const) }) },
);

type Operation =
  | { readonly type: "put"; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: "delete"; readonly key: Uint8Array }
  | { readonly type: "clear" };
type Step =
  | { readonly type: "write"; readonly operations: readonly Operation[] }
  | { readonly type: "pin" }
  | { readonly type: "release"; readonly which: number }
  | { readonly type: "reopen" };

type Model = Map<string, Uint8Array>;

interface Pinned {
  readonly view: StoreView;
  readonly model: Model;
}

function apply(model: Model, operations: readonly Operation[]): Model {
  let next: Model = new Map(model);
  for (const operation of operations) {
    if (operation.type === "clear") next = new Map();
    else if (operation.type === "delete") next.delete(binaryString(operation.key));
    else next.set(binaryString(operation.key), operation.value);
  }
  return next;
}

function fill(batch: StoreBatch, operations: readonly Operation[]): void {
  for (const operation of operations) {
    if (operation.type === "clear") batch.clear();
    else if (operation.type === "delete") batch.delete(operation.key);
    else batch.put(operation.key, operation.value);
  }
}

function check(reader: StoreReader, model: Model, from: string, end: string): void {
  const expected = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
  const collect = (backward: boolean, a: string, b: string | undefined) => {
    const pairs: [string, number][] = [];
    reader.range(
      bytesOfBinaryString(a),
      b === undefined ? undefined : bytesOfBinaryString(b),
      (key, value) => pairs.push([binaryString(key), value.length]) > 0,
      { backward },
    );
    return JSON.stringify(pairs);
  };
  const lengths = expected.map(([name, bytes]) => [name, bytes.length]);
  expect(collect(false, "\0", undefined)).toBe(JSON.stringify(lengths));
  expect(collect(true, "\0", undefined)).toBe(JSON.stringify(lengths.toReversed()));
  const inside = lengths.filter(([name]) => (name as string) >= from && (name as string) < end);
  expect(collect(false, from, end)).toBe(JSON.stringify(inside));
  expect(collect(true, from, end)).toBe(JSON.stringify(inside.toReversed()));
  for (const [name, bytes] of expected.slice(0, 20)) {
    const key = bytesOfBinaryString(name);
    expect(equalBytes(reader.get(key) as Uint8Array, bytes)).toBe(true);
    expect(equalBytes(reader.borrow(key) as Uint8Array, bytes)).toBe(true);
  }
  expect(reader.get(bytesOfBinaryString("absent"))).toBeUndefined();
}

async function run(
  steps: readonly Step[],
  bounds: readonly [Uint8Array, Uint8Array],
  open: () => OrderedStore,
): Promise<void> {
  let store = open();
  let model: Model = new Map();
  const pinned: Pinned[] = [];
  const [from, end] = bounds.map(binaryString).sort() as [string, string];
  for (const step of steps) {
    if (step.type === "write") {
      await store.write((batch) => fill(batch, step.operations));
      model = apply(model, step.operations);
    } else if (step.type === "pin") pinned.push({ view: store.pin(), model });
    else if (step.type === "release") pinned.splice(step.which % 3, 1)[0]?.view.release();
    else {
      for (const { view } of pinned.splice(0)) view.release();
      await store.close();
      store = open();
    }
    check(store, model, from, end);
    for (const old of pinned) check(old.view, old.model, from, end);
  }
  for (const { view } of pinned) view.release();
  await store.close();
}

test("the memory store behaves like a sorted map with views", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12, size: "max" }),
      key,
      key,
      async (steps, a, b) => {
        const store = new MemoryStore();
        await run(steps, [a, b], () => store.reopen());
      },
    ),
    { numRuns: 100 },
  );
});

test("the lmdb store behaves like a sorted map with views", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12, size: "max" }),
      key,
      key,
      async (steps, a, b) => {
        const directory = join(root, String(directories++));
        await run(steps, [a, b], () => LmdbStore.open({ directory, noSync: true }));
      },
    ),
    { numRuns: 40 },
  );
});
