// Runs in a lane: everything that judges the core, without a test runner. Exits with 1 at the first difference.
//   node check.mjs quick [mutated file]   unit tests, those beside the mutated file first; conformance files
//   node check.mjs long                   hostile messages, random schedules
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Fixed, so that a mutant is judged by the same schedules every time. */
const SEED = 20_250_101;
const SCHEDULES = 60;

/** They take long, play schedules themselves, or read the sources as they are written. */
const NOT_QUICK = /any-message|example|random-schedules|spec\/invariants/;

const [stage, mutated = ""] = process.argv.slice(2);
if (stage === "quick") {
  await unitTests(mutated);
  await conformance();
} else {
  await tried("packages/core/test/step/any-message.test.js");
  await schedules();
}

async function unitTests(file) {
  const tests = readdirSync("packages/core/test", { recursive: true })
    .filter((path) => path.endsWith(".test.js") && !NOT_QUICK.test(path))
    .sort((a, b) => distance(a, file) - distance(b, file) || a.localeCompare(b));
  if (tests.length === 0) throw new Error("no unit tests");
  for (const path of tests) await tried(`packages/core/test/${path}`);
}

/** 0 for the file's own test, 1 for its folder's, 2 for the rest. */
function distance(test, file) {
  const own = file.replace(/^packages\/core\/src\//, "").replace(/\.ts$/, "");
  if (test === `${own}.test.js`) return 0;
  return test.split("/")[0] === own.split("/")[0] ? 1 : 2;
}

async function tried(path) {
  try {
    await import(`./${path}`);
  } catch (error) {
    different(path, error);
  }
}

async function conformance() {
  const { testFiles } = await import("./test/conformance/run.js");
  const { runFile } = await import("./test/conformance/run-file.js");
  const folders = ["golden", process.env.QUORATE_CONFORMANCE_DIR ?? ""].filter(existsSync);
  for (const file of folders.flatMap(testFiles)) {
    const wrong = runFile(readFileSync(file, "utf8")).find(({ passed }) => !passed);
    if (wrong !== undefined) different(`${file}:${wrong.directive.line}`, "");
  }
}

async function schedules() {
  const { default: fc } = await import("fast-check");
  const schedule = await import("./packages/core/test/support/schedule.js");
  const play = (arbitrary, settings) => {
    const each = (one) => schedule.playSchedule(one, settings).mustRecover();
    const parameters = { seed: SEED, numRuns: SCHEDULES, endOnFailure: true };
    fc.assert(fc.property(arbitrary, each), parameters);
  };
  try {
    play(schedule.anySchedule, {});
    play(schedule.evenSchedule, { readMode: "lease" });
  } catch (error) {
    different("random schedules", error.cause ?? error);
  }
}

function different(where, error) {
  console.log(`${where}: ${String(error).split("\n")[0]}`);
  process.exit(1);
}
