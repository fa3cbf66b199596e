// One target's run, watched from outside.
import { Worker } from "node:worker_threads";
import { HEAP_MB_MAX } from "./bounds.mjs";

const LOOK_MS = 250;
/** An input that has used this much CPU without coming to its end never will. */
const HANG_CPU_MS = 10_000;
/** One that has waited this long waits for something that never comes, however busy the machine is. */
const HANG_WALL_MS = 120_000;

/**
 * Resolves with what the run came to: `inputs`, `outcomes`, `covered`, and `problem` with the number of the input that
 * crashed, hung or cost too much.
 */
export function fuzzTarget({ path, name, seed, cpuMs, inputsMax, only, hangCpuMs = HANG_CPU_MS }) {
  const progress = new SharedArrayBuffer(4);
  const at = new Int32Array(progress);
  const worker = new Worker(new URL("./worker.mjs", import.meta.url), {
    workerData: { path, name, seed, cpuMs, inputsMax, only, progress },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
  });
  return new Promise((resolve) => {
    let last = { number: -1, cpu: process.cpuUsage(), wall: performance.now() };
    const finish = (result) => {
      clearInterval(watch);
      resolve(result);
      void worker.terminate();
    };
    const broken = (text) =>
      finish({ inputs: at[0], outcomes: [], problem: { number: at[0], text } });
    const watch = setInterval(() => {
      const number = Atomics.load(at, 0);
      if (number !== last.number) {
        last = { number, cpu: process.cpuUsage(), wall: performance.now() };
        return;
      }
      const { user, system } = process.cpuUsage(last.cpu);
      if ((user + system) / 1000 > hangCpuMs) broken("it does not come to an end");
      else if (performance.now() - last.wall > HANG_WALL_MS) broken("it waits for ever");
    }, LOOK_MS);
    worker.on("message", finish);
    worker.on("error", (error) => broken(error.stack ?? error.message));
    worker.on("exit", () => broken("it waits for something that never comes"));
  });
}
