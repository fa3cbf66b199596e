// Runs in a scratch copy: everything that judges the core without a test runner. Exits with 1 at the first difference.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { anySchedule, evenSchedule, playSchedule } from "./packages/core/test/support/schedule.js";
import { testFiles } from "./test/conformance/run.js";
import { runFile } from "./test/conformance/run-file.js";

/** Fixed, so that a mutant is judged by the same schedules every time. */
const SEED = 20_250_101;
const SCHEDULES = 80;

/** They play schedules themselves, or read the sources. */
const NOT_UNIT = /random-schedules|spec\/invariants/;

const tests = readdirSync("packages/core/test", { recursive: true }).filter(
  (file) => file.endsWith(".test.js") && !NOT_UNIT.test(file),
);
if (tests.length === 0) throw new Error("no unit tests");
for (const file of tests.sort()) {
  try {
    await import(`./packages/core/test/${file}`);
  } catch (error) {
    console.log(`${file}: ${String(error).split("\n")[0]}`);
    process.exit(1);
  }
}

const folders = ["golden", process.env.QUORATE_CONFORMANCE_DIR ?? ""].filter(existsSync);
for (const file of folders.flatMap(testFiles)) {
  const wrong = runFile(readFileSync(file, "utf8")).find(({ passed }) => !passed);
  if (wrong === undefined) continue;
  console.log(`${file}:${wrong.directive.line}`);
  process.exit(1);
}
const play = (schedule, settings) =>
  fc.assert(
    fc.property(schedule, (each) => playSchedule(each, settings).mustRecover()),
    { seed: SEED, numRuns: SCHEDULES, endOnFailure: true },
  );
try {
  play(anySchedule, {});
  play(evenSchedule, { readMode: "lease" });
} catch (error) {
  console.log(String(error.cause ?? error).split("\n")[0]);
  process.exit(1);
}
