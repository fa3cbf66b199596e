import fc from "fast-check";
import { expect, test } from "vitest";
import { binaryString, bytesOfBinaryString } from "../../src/bytes/bytes.ts";
import { KeyEntry } from "../../src/keys/key-entry.ts";
import { KeyIndex } from "../../src/keys/key-index.ts";

interface Known {
  readonly deleted: boolean;
  readonly modRevision: number;
  readonly modSub: number;
  readonly createRevision: number;
  readonly version: number;
  readonly lease: bigint;
}

function entryOf(known: Known): KeyEntry {
  const entry = new KeyEntry();
  entry.deleted = known.deleted;
  entry.modRevision = known.modRevision;
  entry.modSub = known.modSub;
  entry.createRevision = known.createRevision;
  entry.version = known.version;
  entry.setLease(known.lease);
  return entry;
}

function knownOf(entry: KeyEntry): Known {
  const { deleted, modRevision, modSub, createRevision, version, lease } = entry;
  return { deleted, modRevision, modSub, createRevision, version, lease };
}

const revision = fc.oneof(fc.nat(1000), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
const lease = fc.oneof(fc.constant(0n), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));

const known: fc.Arbitrary<Known> = fc
  .record({
    deleted: fc.boolean(),
    modRevision: revision,
    modSub: fc.oneof(fc.constant(0), fc.nat(2 ** 32 - 1)),
    createRevision: revision,
    version: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 2 ** 40 })),
    lease,
  })
  .map((fields) =>
    fields.deleted ? { ...fields, createRevision: 0, version: 0, lease: 0n } : fields,
  );

/** Few distinct bytes and shared prefixes, so that keys collide, nest and differ late. */
const key = fc.oneof(
  fc.array(fc.constantFrom(0, 1, 97, 98, 255), { minLength: 1, maxLength: 6 }),
  fc.nat(3000).map((n) => [...`registry/pods/default/${n}`].map((c) => c.charCodeAt(0))),
  fc.array(fc.nat(255), { minLength: 1, maxLength: 400 }),
);

const step = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.constant("set" as const), key, known) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("remove" as const), key, known) },
);

function check(index: KeyIndex, model: Map<string, Known>): void {
  const names = [...model.keys()].sort();
  const live = names.filter((name) => !(model.get(name) as Known).deleted);
  expect(index.size).toBe(names.length);
  expect(index.live).toBe(live.length);
  const entry = new KeyEntry();
  const seen: string[] = [];
  index.range(Uint8Array.of(), undefined, entry, () => {
    const name = binaryString(entry.key());
    seen.push(name);
    expect(knownOf(entry)).toEqual(model.get(name));
    return true;
  });
  expect(seen).toEqual(names);
}

function checkRange(index: KeyIndex, model: Map<string, Known>, a: string, b: string): void {
  const entry = new KeyEntry();
  const inside = [...model.keys()].sort().filter((name) => name >= a && name < b);
  const seen: string[] = [];
  index.range(bytesOfBinaryString(a), bytesOfBinaryString(b), entry, () => {
    seen.push(binaryString(entry.key()));
    return true;
  });
  expect(seen).toEqual(inside);
  const live = inside.filter((name) => !(model.get(name) as Known).deleted).length;
  expect(index.count(bytesOfBinaryString(a), bytesOfBinaryString(b))).toBe(live);
}

test("behaves like a sorted map, whatever is set and removed in whatever order", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300, size: "max" }), key, key, (steps, from, to) => {
      const index = new KeyIndex();
      const model = new Map<string, Known>();
      const entry = new KeyEntry();
      for (const [what, bytes, value] of steps) {
        const key = Uint8Array.from(bytes);
        const name = binaryString(key);
        if (what === "remove") {
          expect(index.remove(key)).toBe(model.delete(name));
          continue;
        }
        expect(index.get(key, entry)).toBe(model.has(name));
        if (model.has(name)) expect(knownOf(entry)).toEqual(model.get(name));
        index.set(key, entryOf(value));
        model.set(name, value);
      }
      check(index, model);
      const [a, b] = [from, to].map((bytes) => binaryString(Uint8Array.from(bytes))).sort();
      checkRange(index, model, a as string, b as string);
    }),
    { numRuns: 200 },
  );
});

function numbered(n: number): Uint8Array {
  return new TextEncoder().encode(`/registry/things/${String(n).padStart(7, "0")}`);
}

function simple(revision: number, deleted = false): Known {
  return {
    deleted,
    modRevision: revision,
    modSub: 0,
    createRevision: deleted ? 0 : revision,
    version: deleted ? 0 : 1,
    lease: 0n,
  };
}

test.each([
  ["ascending", (i: number) => i],
  ["descending", (i: number) => 49_999 - i],
  ["scattered", (i: number) => (i * 7919) % 50_000],
])("holds many keys that arrive in %s order, and forgets them all", (_, nth) => {
  const index = new KeyIndex();
  const entry = new KeyEntry();
  for (let i = 0; i < 50_000; i++) index.set(numbered(nth(i)), entryOf(simple(i + 1)));
  expect(index.live).toBe(50_000);
  expect(index.count(numbered(10_000), numbered(20_000))).toBe(10_000);
  expect(index.count(numbered(49_000), undefined)).toBe(1000);
  expect(index.count(numbered(5), numbered(5))).toBe(0);
  for (let i = 0; i < 50_000; i += 1000) {
    expect(index.get(numbered(nth(i)), entry)).toBe(true);
    expect(entry.modRevision).toBe(i + 1);
  }
  for (let i = 0; i < 50_000; i += 2)
    index.set(numbered(nth(i)), entryOf(simple(60_000 + i, true)));
  expect([index.live, index.size]).toEqual([25_000, 50_000]);
  for (let i = 0; i < 50_000; i++) expect(index.remove(numbered(nth(i)))).toBe(true);
  expect([index.live, index.size]).toEqual([0, 0]);
  let visited = 0;
  index.range(Uint8Array.of(), undefined, entry, () => ++visited > 0);
  expect(visited).toBe(0);
  index.set(numbered(3), entryOf(simple(9)));
  expect(index.get(numbered(3), entry)).toBe(true);
});

test("a range stops when its visitor says so", () => {
  const index = new KeyIndex();
  for (let i = 0; i < 1000; i++) index.set(numbered(i), entryOf(simple(i + 1)));
  const entry = new KeyEntry();
  const seen: number[] = [];
  index.range(numbered(990), undefined, entry, () => seen.push(entry.modRevision) < 3);
  expect(seen).toEqual([991, 992, 993]);
});

test("entries survive growing and shrinking in place", () => {
  const index = new KeyIndex();
  const entry = new KeyEntry();
  const widths = [1, 127, 128, 16_384, 2 ** 28, 2 ** 40, 3, 2 ** 52, 2];
  for (let i = 0; i < 200; i++) index.set(numbered(i), entryOf(simple(1)));
  for (const width of widths) {
    for (let i = 0; i < 200; i++) {
      const value = { ...simple(width), version: width, lease: i % 3 === 0 ? BigInt(width) : 0n };
      index.set(numbered(i), entryOf(value));
    }
    for (let i = 0; i < 200; i++) {
      index.get(numbered(i), entry);
      expect([entry.modRevision, entry.version, entry.lease]).toEqual([
        width,
        width,
        i % 3 === 0 ? BigInt(width) : 0n,
      ]);
    }
  }
});

test("a range that begins in one leaf visits every key of the leaves after it", () => {
  const index = new KeyIndex();
  const names = Array.from({ length: 6 }, (_, writer) =>
    Array.from({ length: 250 }, (_, number) => `h/plain/${writer}/${number}`),
  ).flat();
  const written: Known = {
    deleted: false,
    modRevision: 2,
    modSub: 0,
    createRevision: 2,
    version: 1,
    lease: 0n,
  };
  for (const name of names) index.set(bytesOfBinaryString(name), entryOf(written));
  names.sort();
  const entry = new KeyEntry();
  for (const from of [...names, "", "h/plain/3/99x", "h/plain/3/:"]) {
    const visited: string[] = [];
    index.range(bytesOfBinaryString(from), undefined, entry, () => {
      visited.push(binaryString(entry.key()));
      return true;
    });
    expect(visited.length, `from ${from}`).toBe(names.filter((name) => name >= from).length);
  }
});

test("keys appended behind all others are found among those that were set, whatever was looked for meanwhile", () => {
  const index = new KeyIndex();
  const entry = new KeyEntry();
  const count = 5_000;
  const early = numbered(0);
  index.set(early, entryOf(simple(1)));
  for (let i = 1; i < count; i++) {
    const bytes = Uint8Array.of(1, 2, ...numbered(i), 3);
    expect(index.get(early, entry)).toBe(true);
    expect(index.isAboveAll(bytes, 2, bytes.length - 1)).toBe(true);
    index.append(bytes, 2, bytes.length - 1, entryOf(simple(i + 1, i % 5 === 0)));
    index.set(early, entryOf(simple(i + 1)));
  }
  expect([index.size, index.live]).toEqual([count, count - Math.floor((count - 1) / 5)]);
  for (const i of [0, 1, 77, count - 1]) {
    expect(index.get(numbered(i), entry)).toBe(true);
    expect(entry.modRevision).toBe(i === 0 ? count : i + 1);
    expect(index.isAboveAll(numbered(i), 0, numbered(i).length)).toBe(false);
  }
  expect(index.isAboveAll(numbered(count), 0, numbered(count).length)).toBe(true);
  expect(index.count(numbered(1), numbered(11))).toBe(8);
});

test("a question about the end of the index between get and set does not lead the set astray", () => {
  const index = new KeyIndex();
  const entry = new KeyEntry();
  const names: string[] = [];
  const add = (key: Uint8Array): void => {
    expect(index.get(key, entry)).toBe(false);
    expect(index.isAboveAll(key, 0, key.length)).toBe(names.every((name) => name < text(key)));
    index.set(key, entryOf(simple(names.length + 1)));
    names.push(text(key));
  };
  const text = (key: Uint8Array): string => new TextDecoder().decode(key);
  for (let i = 0; i < 300; i++) add(numbered(i));
  for (let i = 0; i < 300; i++) add(new TextEncoder().encode(`${text(numbered(1))}/${i}`));
  const seen: string[] = [];
  index.range(Uint8Array.of(), undefined, entry, () => {
    seen.push(text(entry.key()));
    return true;
  });
  expect(seen).toEqual([...names].sort());
});
