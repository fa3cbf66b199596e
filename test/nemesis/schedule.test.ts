import { describe, expect, test } from "vitest";
import { availableKinds, KINDS, type Means, readOptions, Schedule } from "./modules.ts";

const YES = { available: true, reason: "" };
const ALL: Means = { namespaces: YES, ext4: YES, shim: YES, faketime: YES, cgroup: YES };

describe("the faults of a run", () => {
  test("come from the seed and nothing else", () => {
    const draw = (seed: number) => {
      const schedule = new Schedule(seed, KINDS);
      return [schedule.stretch(45_000), schedule.stretch(45_000)];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test("of one lane follow each other and stay within the stretch", () => {
    const schedule = new Schedule(3, KINDS);
    for (let stretch = 0; stretch < 20; stretch += 1) {
      const freeAt = new Map<string, number>();
      for (const { lane, atMs, durationMs } of schedule.stretch(45_000)) {
        expect(atMs).toBeGreaterThanOrEqual(freeAt.get(lane) ?? 0);
        expect(atMs + durationMs).toBeLessThanOrEqual(45_000);
        freeAt.set(lane, atMs + durationMs);
      }
    }
  });

  test("have every kind among them within two minutes", () => {
    const schedule = new Schedule(11, KINDS);
    const seen = new Set([1, 2, 3].flatMap(() => schedule.stretch(45_000)).map(({ kind }) => kind));
    expect(KINDS.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([]);
  });

  test("of one lane do not change when another lane has other kinds", () => {
    const network = KINDS.filter(({ lane }) => lane === "network");
    const alone = new Schedule(5, network).stretch(30_000);
    const among = new Schedule(5, KINDS).stretch(30_000);
    expect(among.filter(({ lane }) => lane === "network")).toEqual(alone);
  });
});

describe("what a machine lacks", () => {
  test("is left out with a reason, never silently", () => {
    const means = { ...ALL, shim: { available: false, reason: "no gcc" } };
    const { available, skipped } = availableKinds(means);
    expect(skipped).toEqual([
      { kind: "slow-disk", reason: "no gcc" },
      { kind: "failing-sync", reason: "no gcc" },
      { kind: "full-disk", reason: "no gcc" },
    ]);
    expect(available.length + skipped.length).toBe(KINDS.length);
  });

  test("concerns only the kinds that were asked for", () => {
    expect(availableKinds(ALL, ["kill", "pause"]).available.map(({ id }) => id)).toEqual([
      "kill",
      "pause",
    ]);
  });
});

describe("the command line", () => {
  test("has a seed of its own when none is given", () => {
    expect(readOptions([], () => 42)).toMatchObject({ seed: 42, members: 3, lengthMs: 60_000 });
    expect(readOptions(["--seed", "9", "--minutes", "0.5", "--members", "5"])).toMatchObject({
      seed: 9,
      members: 5,
      lengthMs: 30_000,
    });
  });

  test.each([
    [["--members", "4"], /3 or 5/],
    [["--minutes", "0"], /--minutes is a number/],
    [["--faults", "kill,earthquake"], /no fault "earthquake"/],
    [["--seed", "1.5"], /whole number/],
    [["--unheard-of"], /unheard-of/],
  ])("%j is answered with a sentence", (args, sentence) => {
    expect(() => readOptions(args)).toThrow(sentence);
  });
});
