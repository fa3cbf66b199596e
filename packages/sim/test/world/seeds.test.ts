import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { bundle } from "../../../../zoo/lib/bundle.mjs";
import { FAULT_KINDS, type FaultKind } from "../../src/faults/fault-counters.ts";

const { QUORATE_NODE_SEEDS = "150", QUORATE_NODE_FIRST = "1" } = process.env;
/** About a minute of one processor; soaks say how many they want. */
const COUNT = Number(QUORATE_NODE_SEEDS);
const FIRST = Number(QUORATE_NODE_FIRST);

/** Faults of single messages between bare cores: these have a network of their own, see `cluster/seeds.test.ts`. */
const OF_CORES: ReadonlySet<FaultKind> = new Set([
  "messageLost",
  "messageDuplicated",
  "messageLate",
  "messageCut",
  "linkCutBothWays",
]);

interface Played {
  readonly found: readonly string[];
  readonly answered: number;
  readonly undecided: number;
  readonly counters: Readonly<Record<string, number>>;
}

/** In a process of its own, from one file: where modules are instrumented for tests, runs take three times as long. */
async function playSeeds(file: string): Promise<Played> {
  const program = `
    const { FaultCounters, runNodes } = await import(${JSON.stringify(pathToFileURL(file).href)});
    const counters = new FaultCounters();
    const found = [];
    let answered = 0;
    let undecided = 0;
    for (let seed = ${FIRST}; seed < ${FIRST + COUNT}; seed += 1) {
      const result = await runNodes(seed);
      const [violation] = result.violations;
      if (violation !== undefined) found.push(\`seed \${seed}: \${violation.checker}: \${violation.message}\`);
      counters.add(result.counters);
      answered += result.answered;
      undecided += result.isUndecided ? 1 : 0;
    }
    const counted = Object.fromEntries(counters.entries());
    process.stdout.write(JSON.stringify({ found, answered, undecided, counters: counted }));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(await text(child.stdout)) as Played;
}

test(`whatever happens to whole nodes, nothing is lost, repeated or made up (${COUNT} seeds from ${FIRST})`, async () => {
  const folder = mkdtempSync(join(tmpdir(), "quorate-seeds-"));
  try {
    const file = join(folder, "sim.mjs");
    await bundle(join(import.meta.dirname, "../../../.."), file);
    const { found, answered, undecided, counters } = await playSeeds(file);
    expect(found).toEqual([]);
    expect(undecided).toBe(0);
    expect(answered).toBeGreaterThan(COUNT * 50);
    const missing = FAULT_KINDS.filter((kind) => !OF_CORES.has(kind) && !counters[kind]);
    expect(missing).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 600_000);
