// Plants known mistakes one at a time in a scratch copy of the sources and reports which check finds each.
// For each patch: `killed <name> by <checker> seed <n> <s>` or `survived <name>`; a patch that does not apply or does
// not bundle is `broken`. Fails unless every patch was killed.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { numberFrom, readCommandLine } from "../scripts/command-line.mjs";
import { fail } from "../scripts/prepare.mjs";
import { bundle, isBundled } from "./lib/bundle.mjs";
import { changedFiles, ownTests } from "./lib/own-tests.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const HELP = `npm run zoo -- [options]

Plants known mistakes one at a time and prints for each \`killed <name> by <checker> seed <n> <s>\` or \`survived <name>\`.

  --patches <folder>   patches to plant, default those of zoo/
  --only <a,b>         only these
  --quick              without those of zoo/judged.json that are harmless, slow to find, or not found so far
  --seconds <n>        processor seconds of simulation for each, default 60
  --tests <n>          processor seconds of the changed packages' tests, for what simulation does not find; 0: none; default 60
  --shrink <n>         processor seconds to make each run that found something smaller, default 0
  --engines <a;b>      only these: cores, nodes, machines, leases, exhaustive …
  --jobs <n>           how many at a time, default one for each core
  --source <checkout>  the sources they are planted in
  --verbose            also what was seen`;

const values = readCommandLine(HELP, {
  patches: { type: "string", default: here },
  source: { type: "string", default: dirname(here) },
  only: { type: "string" },
  seconds: { type: "string", default: "60" },
  jobs: { type: "string", default: String(Math.max(1, cpus().length)) },
  engines: { type: "string", default: "" },
  quick: { type: "boolean", default: false },
  shrink: { type: "string", default: "0" },
  tests: { type: "string", default: "60" },
  verbose: { type: "boolean", default: false },
});
for (const name of ["seconds", "shrink", "tests"]) {
  numberFrom(name, values[name], { from: 0, whole: false });
}
const jobs = numberFrom("jobs", values.jobs, { from: 1 });

/** A run that is under way when the time is up may go on for so long; one that does not end then never will. */
const CPU_SECONDS_OVER = 60;

/** A run of so many events can be read. */
const SMALL_EVENTS = 50;

const folder = resolve(values.patches);
const root = resolve(values.source);
const only = values.only?.split(",");
/** Mistakes of our own collection that do no harm here, and those that take long to find. */
const { harmless, slow, unfound } = JSON.parse(readFileSync(join(here, "judged.json"), "utf8"));
const isOurs = folder === here;
const hasTests = values.tests !== "0" && values.engines === "";
if (!existsSync(folder)) fail(`There is no folder ${folder}.`, 2);
const planted = readdirSync(folder)
  .filter((file) => file.endsWith(".patch"))
  .map((file) => file.slice(0, -".patch".length));
const unknown = only?.find((name) => !planted.includes(name));
if (unknown !== undefined) fail(`There is no ${unknown}.patch in ${folder}.`, 2);
if (planted.length === 0) fail(`There are no patches in ${folder}.`, 2);
const names = planted
  .filter((name) => only === undefined || only.includes(name))
  .filter(
    (name) =>
      !values.quick || !isOurs || !(name in harmless || name in unfound || slow.includes(name)),
  )
  .sort((left, right) => left.localeCompare(right, "en", { numeric: true }));

const scratch = mkdtempSync(join(tmpdir(), "quorate-zoo-"));
const results = [];

/** First what is simulated, then the tests of what was changed. */
async function tryPatch(name) {
  const tree = join(scratch, name);
  const patch = join(folder, `${name}.patch`);
  const simulated = changedFiles(patch).some(isBundled);
  const result = simulated || !hasTests ? await simulate(name, tree) : notSimulated(patch);
  if (result.verdict !== "survived" || !hasTests || (isOurs && name in harmless)) return result;
  const tested = await ownTests(root, patch, `${tree}-tests`, values.tests);
  rmSync(`${tree}-tests`, { recursive: true, force: true });
  const testCpuSeconds = tested.cpuSeconds;
  if (tested.failed === undefined) return { ...result, testCpuSeconds };
  const { failed, why } = tested;
  const cpuSeconds = (result.cpuSeconds ?? 0) + testCpuSeconds;
  return { verdict: "killed", checker: failed, engine: "tests", why, seed: 0, cpuSeconds };
}

/** Nothing of it would take part in a run. */
function notSimulated(patch) {
  const missing = changedFiles(patch).find((file) => !existsSync(join(root, file)));
  if (missing === undefined) return { verdict: "survived", cpuSeconds: 0 };
  return { verdict: "broken", why: `does not apply: there is no ${missing}` };
}

async function simulate(name, tree) {
  for (const part of readdirSync(join(root, "packages"))) {
    const from = join(root, "packages", part);
    if (!existsSync(join(from, "src"))) continue;
    cpSync(join(from, "src"), join(tree, "packages", part, "src"), { recursive: true });
    cpSync(join(from, "package.json"), join(tree, "packages", part, "package.json"));
  }
  const patch = join(folder, `${name}.patch`);
  const applied = spawnSync(
    "patch",
    ["-p1", "--batch", "--forward", "--fuzz=3", "--no-backup-if-mismatch", "-i", patch],
    { cwd: tree, encoding: "utf8" },
  );
  if (applied.status !== 0) {
    return { verdict: "broken", why: `does not apply: ${applied.error ?? applied.stdout}` };
  }
  const file = join(tree, "sim.mjs");
  try {
    await bundle(tree, file);
  } catch (error) {
    return { verdict: "broken", why: `does not bundle: ${String(error).slice(0, 500)}` };
  }
  // By processor time: on a busy machine the clock on the wall says nothing.
  const cpuLimit = Math.ceil(Number(values.seconds) + Number(values.shrink)) + CPU_SECONDS_OVER;
  const hunter = spawn(
    "/bin/sh",
    [
      "-c",
      `ulimit -t ${cpuLimit}; exec "$0" "$@"`,
      process.execPath,
      join(here, "lib", "hunt.mjs"),
      file,
      values.seconds,
      values.engines,
      values.shrink,
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  let errors = "";
  hunter.stdout.on("data", (data) => {
    output += data;
  });
  hunter.stderr.on("data", (data) => {
    errors += data;
  });
  const code = await new Promise((done) => {
    hunter.on("close", done);
  });
  rmSync(tree, { recursive: true, force: true });
  // A mistake that makes the sources spin or fall over is found as well.
  if (code !== 0) {
    const why = code === null ? "does not end" : errors.slice(-300);
    return { verdict: "killed", checker: "no exceptions", seed: 0, cpuSeconds: 0, why };
  }
  const { found, cpuSeconds, runs, events, shrinkCpuSeconds } = JSON.parse(output);
  if (found === undefined) return { verdict: "survived", cpuSeconds, runs };
  return {
    verdict: "killed",
    checker: found.violation.checker,
    why: found.violation.message,
    engine: found.engine,
    seed: found.seed,
    cpuSeconds,
    events,
    shrinkCpuSeconds,
  };
}

function title(name) {
  return readFileSync(join(folder, `${name}.patch`), "utf8").split("\n", 1)[0];
}

function print(name, result) {
  if (result.verdict === "killed") {
    console.log(
      `killed ${name} by ${result.checker} seed ${result.seed} ${result.cpuSeconds.toFixed(1)} s`,
    );
  } else {
    console.log(`${result.verdict} ${name}`);
  }
  if (result.events !== undefined) {
    console.log(
      `    ${result.engine}: shrunk to ${result.events} events in ${result.shrinkCpuSeconds.toFixed(1)} s`,
    );
  }
  if (values.verbose || result.verdict === "broken") {
    console.log(`    ${result.engine ?? title(name)} ${(result.why ?? "").slice(0, 400)}`);
  }
}

const queue = [...names];
async function worker() {
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const result = await tryPatch(name);
    results.push({ name, ...result });
    print(name, result);
  }
}
await Promise.all(Array.from({ length: jobs }, worker));
rmSync(scratch, { recursive: true, force: true });

const count = (verdict) => results.filter((result) => result.verdict === verdict).length;
const seconds = results.reduce((sum, result) => sum + (result.cpuSeconds ?? 0), 0);
const byTests = results.filter(({ engine }) => engine === "tests");
if (byTests.length > 0) {
  console.log(
    `${byTests.length} found by tests alone: ${byTests.map(({ name }) => name).join(", ")}`,
  );
}
console.log(
  `${count("killed")} of ${results.length} killed, ${count("survived")} survived, ${count("broken")} broken, ${seconds.toFixed(0)} processor seconds`,
);
const shrunk = results.filter(({ events }) => events !== undefined);
if (shrunk.length > 0) {
  const small = shrunk.filter(({ events }) => events <= SMALL_EVENTS);
  console.log(`${small.length} of ${shrunk.length} shrunk to at most ${SMALL_EVENTS} events`);
}
const passed = results.filter(
  ({ name, verdict }) => verdict === "killed" || isHarmless(name, verdict),
);
console.log(`${passed.length} passed, ${results.length - passed.length} failed`);
process.exitCode = passed.length === results.length ? 0 : 1;

function isHarmless(name, verdict) {
  return isOurs && verdict === "survived" && name in harmless;
}
