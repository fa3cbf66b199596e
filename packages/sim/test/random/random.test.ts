import { expect, test } from "vitest";
import { EventHash } from "../../src/random/event-hash.ts";
import { Random } from "../../src/random/random.ts";

test("a seed gives the same numbers everywhere", () => {
  const random = Random.fromSeed(42);
  expect([random.uint32(), random.uint32(), random.uint32()]).toMatchInlineSnapshot(`
    [
      1849552023,
      4223452576,
      118919111,
    ]
  `);
  const large = Random.fromSeed(2 ** 40 + 42);
  expect(large.uint32()).not.toBe(Random.fromSeed(42).uint32());
});

test("a part's luck depends on its name and the seed, not on what others drew", () => {
  const quiet = Random.fromSeed(9);
  const busy = Random.fromSeed(9);
  for (let draw = 0; draw < 100; draw += 1) busy.uint32();
  expect(busy.split("network").uint32()).toBe(quiet.split("network").uint32());
  expect(quiet.split("network").uint32()).not.toBe(quiet.split("disk").uint32());
});

test("numbers spread evenly", () => {
  const random = Random.fromSeed(1);
  const counts = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 100_000; draw += 1) {
    const slot = random.integer(10);
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test("draws respect their bounds", () => {
  const random = Random.fromSeed(3);
  for (let draw = 0; draw < 1_000; draw += 1) {
    expect(random.between(3, 5)).toBeGreaterThanOrEqual(3);
    expect(random.between(3, 5)).toBeLessThanOrEqual(5);
    expect(random.weighted([0, 1, 0])).toBe(1);
    expect(random.exponential(10)).toBeGreaterThanOrEqual(0);
  }
  expect(random.shuffled([1, 2, 3, 4]).sort()).toEqual([1, 2, 3, 4]);
  expect(random.sample([1, 2, 3, 4], 2)).toHaveLength(2);
  expect(() => random.pick([])).toThrow(RangeError);
  expect(() => Random.fromSeed(-1)).toThrow(RangeError);
});

test("the event hash tells streams apart by content, order and cut", () => {
  const digest = (fill: (hash: EventHash) => void): string => {
    const hash = new EventHash();
    fill(hash);
    return hash.digest();
  };
  const digests = [
    digest((hash) => hash.number(1).number(2)),
    digest((hash) => hash.number(2).number(1)),
    digest((hash) => hash.number(1.5)),
    digest((hash) => hash.text("ab").text("c")),
    digest((hash) => hash.text("a").text("bc")),
    digest((hash) => hash.bytes(new Uint8Array([1, 2]))),
    digest(() => undefined),
  ];
  expect(new Set(digests).size).toBe(digests.length);
  expect(digest((hash) => hash.number(1).number(2))).toBe(digests[0]);
});
