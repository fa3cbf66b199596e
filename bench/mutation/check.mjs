// Runs in a lane, as a child of judge.mjs: everything that judges the core, without a test runner.
//   quick: unit tests, those beside the mutated file first; conformance files
//   long:  hostile messages, random schedules
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";

/** Fixed, so that a mutant is judged by the same schedules every time. */
const SEED = 20_250_101;
const SCHEDULES = 60;

/** They take long, play schedules themselves, or read the sources as they are written. */
const NOT_QUICK = /any-message|example|random-schedules|spec\/invariants/;

// A difference is enough: nobody wants to know how small it can be made.
fc.configureGlobal({ endOnFailure: true });

process.on("message", async ({ copy, stage, file }) => {
  const difference = await (stage === "quick" ? quick(copy, file) : long(copy)).catch(String);
  process.send({ difference });
});

async function quick(copy, file) {
  const tests = readdirSync(join(copy, "packages/core/test"), { recursive: true })
    .filter((path) => path.endsWith(".test.js") && !NOT_QUICK.test(path))
    .sort((a, b) => distance(a, file) - distance(b, file) || a.localeCompare(b));
  if (tests.length === 0) throw new Error("no unit tests");
  for (const path of tests) {
    const difference = await tried(copy, `packages/core/test/${path}`);
    if (difference !== undefined) return difference;
  }
  return conformance(copy);
}

/** 0 for the file's own test, 1 for its folder's, 2 for the rest. */
function distance(test, file) {
  const own = file.replace(/^packages\/core\/src\//, "").replace(/\.ts$/, "");
  if (test === `${own}.test.js`) return 0;
  return test.split("/")[0] === own.split("/")[0] ? 1 : 2;
}

async function conformance(copy) {
  const { testFiles } = await load(copy, "test/conformance/run.js");
  const { runFile } = await load(copy, "test/conformance/run-file.js");
  const folders = ["golden", process.env.QUORATE_CONFORMANCE_DIR ?? ""].filter(existsSync);
  for (const path of folders.flatMap(testFiles)) {
    const wrong = runFile(readFileSync(path, "utf8")).find(({ passed }) => !passed);
    if (wrong !== undefined) return `${path}:${wrong.directive.line}`;
  }
  return undefined;
}

async function long(copy) {
  return (await tried(copy, "packages/core/test/step/any-message.test.js")) ?? schedules(copy);
}

async function schedules(copy) {
  const schedule = await load(copy, "packages/core/test/support/schedule.js");
  const play = (arbitrary, settings) => {
    const each = (one) => schedule.playSchedule(one, settings).mustRecover();
    const parameters = { seed: SEED, numRuns: SCHEDULES, endOnFailure: true };
    fc.assert(fc.property(arbitrary, each), parameters);
  };
  try {
    play(schedule.anySchedule, {});
    play(schedule.evenSchedule, { readMode: "lease" });
  } catch (error) {
    return `random schedules: ${firstLine(error.cause ?? error)}`;
  }
  return undefined;
}

async function tried(copy, path) {
  try {
    await load(copy, path);
  } catch (error) {
    return `${path}: ${firstLine(error)}`;
  }
  return undefined;
}

/** Every copy has its own modules, so that nothing of one mutant is left for the next. */
function load(copy, path) {
  return import(pathToFileURL(join(copy, path)).href);
}

function firstLine(error) {
  return String(error).split("\n")[0];
}
