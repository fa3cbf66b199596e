// Fuzzes one target in a thread of its own, which whoever started it can end when it hangs.
import { parentPort, workerData } from "node:worker_threads";
import { Bounds } from "./bounds.mjs";
import { Coverage } from "./coverage.mjs";
import { InputRandom } from "./random.mjs";

const { path, name, seed, cpuMs, inputsMax, only, progress } = workerData;
const at = new Int32Array(progress);

const coverage = new Coverage();
await coverage.begin();
const { default: target } = await import(path);
await target.prepare?.();

const outcomes = new Map();
const bounds = new Bounds();
let unhandled;
process.on("unhandledRejection", (reason) => {
  unhandled = reason;
});
process.on("uncaughtException", (error) => {
  unhandled = error;
});

async function play(number) {
  Atomics.store(at, 0, number);
  const input = await target.input(new InputRandom(seed, name, number));
  bounds.begin();
  let outcome;
  let problem;
  try {
    outcome = await target.run(input);
  } catch (error) {
    problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  problem ??= bounds.broken();
  if (problem === undefined && unhandled !== undefined) problem = `unhandled: ${unhandled.stack}`;
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  return problem;
}

const cpuAtStart = process.cpuUsage();
const first = only ?? 0;
let done = 0;
let problem;
while (problem === undefined) {
  problem = await play(first + done);
  done += 1;
  if (only !== undefined || done >= inputsMax) break;
  const { user, system } = process.cpuUsage(cpuAtStart);
  if ((user + system) / 1000 >= cpuMs) break;
}
await target.finish?.();
const covered = await coverage.end(target.covers);
parentPort.postMessage({
  inputs: done,
  outcomes: [...outcomes].filter(([outcome]) => outcome !== undefined),
  covered,
  problem: problem === undefined ? undefined : { number: first + done - 1, text: problem },
});
