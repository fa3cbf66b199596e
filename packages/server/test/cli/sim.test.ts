import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeStage, replayStage, SCENARIOS } from "@quorate/sim";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { outcome } from "./outcome.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quorate-sim-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("sim list names every story, in both languages", async () => {
  for (const language of ["en", "zh"] as const) {
    const { code, output } = await outcome(["sim", "list", "--lang", language]);
    expect(code).toBe(0);
    for (const { id, title } of SCENARIOS) {
      expect(output).toContain(id);
      expect(output).toContain(title[language]);
    }
  }
});

describe("sim run", () => {
  test("tells a story with its captions, its decisions and its goal", async () => {
    const { code, output } = await outcome(["sim", "run", "leader-timeout"]);
    expect(code).toBe(0);
    expect(output).toMatch(/● Member \d crashes\. No heartbeat comes any more\./);
    expect(output).toMatch(/Member \d is the leader of term 3 .*\[A term opens/);
    expect(output).toContain("Goal reached: Another member leads in a higher term");
    expect(output).not.toContain("{");
  });

  test("tells it in Chinese", async () => {
    const { code, output } = await outcome(["sim", "run", "leader-timeout", "--lang", "zh"]);
    expect(code).toBe(0);
    expect(output).toMatch(/成员 \d 成为任期 3 的领导者/);
    expect(output).toContain("目标达成");
  });

  test("ends with 1 when a rule that is switched off does harm", async () => {
    const args = ["sim", "run", "figure-8", "--without", "countOldTerms"];
    const { code, output } = await outcome(args);
    expect(code).toBe(1);
    expect(output).toContain("Violated: leader completeness");
  });

  test("draws a run from a seed, the same every time", async () => {
    const first = await outcome(["sim", "run", "--seed", "42"]);
    const second = await outcome(["sim", "run", "--seed", "42"]);
    expect(first.code).toBe(0);
    expect(first.output).toMatch(/digest [0-9a-f]{16}/);
    expect(second.output).toBe(first.output);
  });

  test.each([
    [["sim", "run"], "Say which story to play, or give a --seed."],
    [["sim", "run", "nothing"], 'There is no story "nothing". quorate sim list shows them.'],
    [["sim", "run", "--seed", "x"], '--seed must be a whole number, not "x".'],
    [
      ["sim", "run", "figure-8", "--without", "noPreVote"],
      'In the story figure-8, --without must be countOldTerms, not "noPreVote".',
    ],
    [
      ["sim", "run", "redirect", "--without", "noPreVote"],
      "The story redirect is not about a rule that can be switched off.",
    ],
    [["sim", "soak", "--minutes", "0"], '--minutes must be a number above 0, not "0".'],
    [["sim", "replay", "/nowhere"], "There is no file /nowhere."],
    [["sim", "replay", "/dev/null"], "Cannot read the run in /dev/null: the content is no JSON."],
    [["sim", "replay", "q1.p.AAAA"], "The link is incomplete or was changed on the way."],
    [["sim", "replay", "q1.s.nothing"], 'There is no scenario "nothing".'],
  ])("%j ends with 2 and says why", async (args, sentence) => {
    const { code, lines } = await outcome(args);
    expect(code).toBe(2);
    expect(lines[0]).toBe(sentence);
  });
});

describe("a run as a file", () => {
  test("is written, played again, made short and made a test", async () => {
    const file = join(folder, "figure-8.json");
    const run = ["sim", "run", "figure-8", "--without", "countOldTerms", "--export", file];
    expect((await outcome(run)).code).toBe(1);
    const replayed = await outcome(["sim", "replay", file]);
    expect(replayed.code).toBe(1);
    expect(replayed.output).toContain("violated: leader completeness");

    const short = join(folder, "short.json");
    const shrunk = await outcome(["sim", "shrink", file, "--seconds", "20", "--export", short]);
    expect(shrunk.code).toBe(0);
    expect(shrunk.output).toMatch(/^\d+ actions became \d+; violated: leader completeness/);
    expect((await outcome(["sim", "replay", short])).output).toContain("leader completeness");
    expect((await readFile(short, "utf8")).length).toBeLessThan(
      (await readFile(file, "utf8")).length,
    );

    const tested = await outcome(["sim", "replay", file, "--test"]);
    expect(tested.output).toContain('import { test } from "node:test";');
  });

  test("a clean run has nothing to make short", async () => {
    const file = join(folder, "clean.json");
    expect((await outcome(["sim", "run", "--seed", "42", "--export", file])).code).toBe(0);
    const { code, lines } = await outcome(["sim", "shrink", file]);
    expect([code, lines[0]]).toEqual([
      2,
      "The run violates nothing: there is nothing to make short.",
    ]);
  });

  test("a link is played again", async () => {
    const { output } = await outcome(["sim", "run", "vote-once", "--link"]);
    const link = output.trim().split("\n").at(-1) ?? "";
    expect(link).toBe("#q1.s.vote-once");
    expect((await outcome(["sim", "replay", link])).code).toBe(0);
    expect((await outcome(["sim", "replay", `http://127.0.0.1/${link}`])).code).toBe(0);
  });
});

describe("a run of whole nodes", () => {
  test("is drawn from a seed, written, and played again as it was", async () => {
    const file = join(folder, "nodes.json");
    const args = ["sim", "run", "--seed", "3", "--world", "nodes", "--export", file, "--link"];
    const { code, output } = await outcome(args);
    expect(code).toBe(0);
    const digest = /digest [0-9a-f]{16}/.exec(output)?.[0] ?? "none";
    expect(output).toContain("operations of clients answered");
    const link = output.trim().split("\n").at(-1) ?? "";
    expect(link).toMatch(/^#n1\./);
    for (const source of [file, link]) {
      const replayed = await outcome(["sim", "replay", source]);
      expect([replayed.code, replayed.output]).toEqual([0, `${digest}\nnothing was violated\n`]);
    }
    const tested = await outcome(["sim", "replay", file, "--test"]);
    expect(tested.output).toContain("replayStage");
    const shrunk = await outcome(["sim", "shrink", file]);
    expect([shrunk.code, shrunk.lines[0]]).toEqual([
      2,
      "The run violates nothing: there is nothing to make short.",
    ]);
  }, 60_000);

  test("goes from a failing seed to a file, a short one, and a link that the page opens", async () => {
    const file = join(folder, "failing.json");
    await outcome(["sim", "run", "--seed", "3", "--world", "nodes", "--export", file]);
    const written = JSON.parse(await readFile(file, "utf8"));
    // Owners are promised twenty times what their leases last.
    Object.assign(written.plan.drawn.run, {
      faultsMs: 8_000,
      faults: [],
      clockRateMax: 0.05,
      leases: { owners: 3, ttlMinSeconds: 1, ttlMaxSeconds: 1, patienceMs: 2_000 },
    });
    await writeFile(file, JSON.stringify(written));

    const replayed = await outcome(["sim", "replay", file]);
    expect(replayed.code).toBe(1);
    expect(replayed.output).toContain("violated: lease guarantees");
    expect(replayed.lines.join("\n")).toContain("another version of the program drew it");

    const short = join(folder, "short-nodes.json");
    const args = ["sim", "shrink", file, "--seconds", "20", "--export", short, "--link"];
    const shrunk = await outcome(args);
    expect(shrunk.code).toBe(0);
    const [, left, all] = /^(\d+) of (\d+) faults, changes and requests/.exec(shrunk.output) ?? [];
    expect(Number(left)).toBeLessThan(Number(all));
    const link = shrunk.output.trim().split("\n").at(-1) ?? "";
    for (const source of [short, link]) {
      const again = await outcome(["sim", "replay", source]);
      expect([again.code, again.output]).toEqual([
        1,
        expect.stringContaining("violated: lease guarantees"),
      ]);
      expect(again.lines.join("\n")).not.toContain("another version");
    }
    const stage = await replayStage(decodeStage(link));
    expect(stage.violations[0]?.checker).toBe("lease guarantees");
  }, 120_000);

  test("what was done to it by hand is left out as well", async () => {
    const file = join(folder, "by-hand.json");
    await outcome(["sim", "run", "--seed", "3", "--world", "nodes", "--export", file]);
    const written = JSON.parse(await readFile(file, "utf8"));
    written.plan.actions = [
      { afterEvents: 40, action: { type: "snapshot", member: 1, keep: 0 } },
      { afterEvents: 60, action: { type: "slowDisk", member: 1, extraMs: 1 } },
    ];
    Object.assign(written.plan.drawn.run, {
      faultsMs: 8_000,
      faults: [],
      clockRateMax: 0.05,
      leases: { owners: 3, ttlMinSeconds: 1, ttlMaxSeconds: 1, patienceMs: 2_000 },
    });
    written.plan.events = 1_000_000;
    await writeFile(file, JSON.stringify(written));
    const shrunk = await outcome(["sim", "shrink", file, "--seconds", "60"]);
    expect(shrunk.code).toBe(0);
    expect(shrunk.output).toMatch(/^0 of 2 actions are left/);
  }, 120_000);
});

describe("as a process", () => {
  const command = fileURLToPath(new URL("../../bin/quorate.js", import.meta.url));
  const ends = (...args: readonly string[]): Promise<{ code: number; out: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [command, "sim", ...args], (error, out) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, out });
      });
    });

  test("two processes tell the same run of a seed", async () => {
    const [one, other] = await Promise.all([
      ends("run", "--seed", "7"),
      ends("run", "--seed", "7"),
    ]);
    expect(one.out).toMatch(/digest [0-9a-f]{16}/);
    expect(other).toEqual(one);
  });

  test("exit codes: goal reached, violated, wrong command line", async () => {
    expect((await ends("run", "vote-once")).code).toBe(0);
    expect((await ends("run", "vote-once", "--without", "forgetVote")).code).toBe(1);
    expect((await ends("run", "nothing")).code).toBe(2);
  });

  test("soak plays runs until its time is over", async () => {
    const { code, out } = await ends("soak", "--minutes", "0.02");
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+ runs, [\d.]+ virtual hours, nothing was violated/);
  });
});
