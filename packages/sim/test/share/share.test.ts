import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawPlan } from "../../src/plan/draw-plan.ts";
import { runPlan } from "../../src/plan/run-plan.ts";
import { SCENARIOS } from "../../src/scenarios/registry.ts";
import { ScenarioRun } from "../../src/scenarios/scenario-run.ts";
import { fromBase64Url, toBase64Url } from "../../src/share/base64url.ts";
import { pack, UNPACKED_BYTES_MAX, unpack } from "../../src/share/packing.ts";
import { replay } from "../../src/share/replay.ts";
import { ShareError } from "../../src/share/share-error.ts";
import {
  decodeRun,
  encodeRun,
  runFromFile,
  runToFile,
  type SharedRun,
} from "../../src/share/shared-run.ts";
import { testFileFor } from "../../src/share/test-file.ts";

const seeds = fc.integer({ min: 1, max: 1_000_000 });

function planRun(seed: number): SharedRun {
  return { type: "plan", plan: drawPlan(seed), title: `Samen 种子 ${seed}` };
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ShareError);
    return (error as ShareError).code;
  }
  return "none";
}

describe("packing", () => {
  test("any bytes come back", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      fc.array(fc.constantFrom(1, 2, 3), { maxLength: 2_000 }).map((all) => Uint8Array.from(all)),
    );
    fc.assert(
      fc.property(bytes, (some) => {
        expect(unpack(fromBase64Url(toBase64Url(pack(some))))).toEqual(some);
      }),
    );
  });

  test("repetitions are named, not repeated", () => {
    expect(pack(new Uint8Array(100_000)).length).toBeLessThan(40);
  });

  test("a small text that claims to be huge is refused before anything is allocated", () => {
    const huge = pack(new Uint8Array(0));
    const claim = Uint8Array.from([0xff, 0xff, 0xff, 0xff, 0x7f, ...huge]);
    expect(UNPACKED_BYTES_MAX).toBeLessThan(2 ** 34);
    expect(codeOf(() => unpack(claim))).toBe("tooLarge");
  });
});

describe("links and files", () => {
  test("any drawn run comes back from its link and its file", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const run = planRun(seed);
        expect(decodeRun(encodeRun(run))).toEqual(run);
        expect(decodeRun(`#${encodeRun(run)}`)).toEqual(run);
        expect(runFromFile(runToFile(run))).toEqual(run);
      }),
      { numRuns: 40 },
    );
  });

  test("a link is letters that no browser changes, and short enough to be sent", () => {
    const longest = Math.max(
      ...Array.from({ length: 30 }, (_, at) => {
        const link = encodeRun(planRun(at + 1));
        expect(link).toMatch(/^[A-Za-z0-9._-]+$/);
        return link.length;
      }),
    );
    expect(longest).toBeLessThan(32_000);
  });

  test.each(SCENARIOS.map(({ id }) => id))("the played story %s comes back as a plan", (id) => {
    const scenario = SCENARIOS.find((each) => each.id === id);
    if (scenario === undefined) throw new Error(id);
    const played = new ScenarioRun(scenario);
    played.play();
    const run: SharedRun = { type: "plan", plan: played.plan() };
    const back = decodeRun(encodeRun(run));
    expect(back).toEqual(run);
    expect(replay(back).digest).toBe(played.cluster.digest());
  });

  test("a story is a few letters", () => {
    expect(encodeRun({ type: "scenario", id: "split-brain" })).toBe("q1.s.split-brain");
    const run: SharedRun = { type: "scenario", id: "vote-once", seed: 7, sabotage: 1 };
    expect(encodeRun(run)).toBe("q1.s.vote-once.7.1");
    expect(decodeRun(encodeRun(run))).toEqual(run);
    expect(runFromFile(runToFile(run))).toEqual(run);
  });
});

describe("hostile input", () => {
  test.each([
    ["", "notARun"],
    ["hello", "notARun"],
    ["q2.p.AAAA", "newerVersion"],
    ["q1", "damaged"],
    ["q1.p", "damaged"],
    ["q1.p.A", "damaged"],
    ["q1.p.AA$A", "damaged"],
    ["q1.s.nothing-like-it", "unknownScenario"],
    ["q1.s.split-brain.x", "damaged"],
    ["q1.s.split-brain.1.9", "invalid"],
    ["q1.s.__proto__", "unknownScenario"],
  ])("the link %j is refused as %s", (link, code) => {
    expect(codeOf(() => decodeRun(link))).toBe(code);
  });

  test("any text is a run or a typed error", () => {
    const fragments = fc.oneof(
      fc.string(),
      fc.string().map((text) => `q1.p.${text}`),
      fc.uint8Array().map((bytes) => `q1.p.${toBase64Url(bytes)}`),
      fc.string().map((text) => `q1.s.${text}`),
    );
    fc.assert(fc.property(fragments, (text) => void codeOf(() => decodeRun(text))));
    fc.assert(fc.property(fc.string(), (text) => void codeOf(() => runFromFile(text))));
    fc.assert(fc.property(fc.json(), (text) => void codeOf(() => runFromFile(text))));
  });

  test("a link with one letter changed is refused", () => {
    const link = encodeRun(planRun(3));
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: link.length - 1 }),
        fc.constantFrom(..."ABCxyz019-_"),
        (at, letter) => {
          fc.pre(link.charAt(at) !== letter);
          const changed = `${link.slice(0, at)}${letter}${link.slice(at + 1)}`;
          const code = codeOf(() => decodeRun(changed));
          // The last letter holds bits that belong to no byte.
          if (at < link.length - 1) expect(code).not.toBe("none");
        },
      ),
    );
  });

  test("a changed plan is refused or can be played", () => {
    const json = JSON.parse(
      runToFile(planRun(5)).replaceAll(/"faultsMs": \d+/g, '"faultsMs": 300'),
    );
    json.plan.actions = json.plan.actions.slice(0, 40);
    const places = placesIn(json.plan);
    const strange = fc.oneof(
      fc.constantFrom(
        null,
        -1,
        0,
        1,
        2,
        15,
        1e9,
        1e-9,
        "leader",
        "",
        [],
        {},
        true,
        Number.MAX_VALUE,
      ),
      fc.double(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), strange, (place, value) => {
        const changed = structuredClone(json);
        put(changed.plan, place, value);
        let run: SharedRun | undefined;
        expect(["none", "invalid"]).toContain(
          codeOf(() => {
            run = runFromFile(JSON.stringify(changed));
          }),
        );
        if (run?.type === "plan") runPlan({ ...run.plan, ending: NO_ENDING, faultsMs: 300 });
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ["plan.settings.members", 99, "members"],
    ["plan.settings.core.electionTicks", 1, "electionTicks"],
    ["plan.settings.tickMs", 0, "tickMs"],
    ["plan.actions.0.action.type", "format", "actions[0].action.type"],
    ["plan.seed", 0.5, "seed"],
  ])("%s = %j is refused and named", (path, value, named) => {
    const json = JSON.parse(runToFile(planRun(5)));
    json.plan.settings.core ??= {};
    put(json, path.split("."), value);
    expect(() => runFromFile(JSON.stringify(json))).toThrow(named);
  });
});

const NO_ENDING = { heals: "nothing", rest: "cut", traffic: false, patience: 0 } as const;

describe("a generated test file", () => {
  const verdict = async (run: SharedRun): Promise<string> => {
    // Beside the package, so that its import is found.
    const folder = await mkdtemp(join(import.meta.dirname, "generated-"));
    const file = join(folder, "run.test.mjs");
    try {
      await writeFile(file, testFileFor(run));
      const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env;
      await promisify(execFile)(process.execPath, [file], { env });
      return "passes";
    } catch (error) {
      return String((error as { stdout?: string }).stdout).includes("not ok")
        ? "fails"
        : `${error}`;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  test("passes for a story, fails for the same with a rule switched off", async () => {
    expect(await verdict({ type: "scenario", id: "vote-once" })).toBe("passes");
    expect(await verdict({ type: "scenario", id: "vote-once", sabotage: 0 })).toBe("fails");
  });

  test("fails for a plan that violates something and passes for the same with all rules on", async () => {
    const scenario = SCENARIOS.find(({ id }) => id === "vote-once");
    if (scenario === undefined) throw new Error("no such story");
    const sabotage = scenario.sabotage?.[0];
    const run = new ScenarioRun(scenario, { sabotage });
    run.play();
    const plan = run.plan();
    expect(await verdict({ type: "plan", plan })).toBe("fails");
    const healthy = { ...plan, settings: { ...plan.settings, brokenRules: [] } };
    expect(await verdict({ type: "plan", plan: healthy })).toBe("passes");
  });
});

type Json = Record<string, unknown>;

function placesIn(value: unknown, place: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [place];
  const inside = Object.entries(value).flatMap(([name, each]) => placesIn(each, [...place, name]));
  return place.length === 0 ? inside : [place, ...inside];
}

function put(target: Json, place: readonly string[], value: unknown): void {
  let at: Json = target;
  for (const name of place.slice(0, -1)) at = at[name] as Json;
  at[place.at(-1) ?? ""] = value;
}
