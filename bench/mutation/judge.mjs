import { fork } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { copyOf, plant } from "./lane.mjs";

/**
 * Processor seconds each stage may take, several times what a sound core takes: a mutant that loops endlessly is killed.
 * Processor time, because how much of it one gets depends on what else runs.
 */
const STAGES = [
  ["quick", 8],
  ["long", 30],
];

/** Enough for a sound core many times over; a mutant that only grows ends early. */
const HEAP_MEGABYTES = 600;

/** Mutants that one process judges: their modules stay in memory until it ends. */
const MUTANTS_PER_PROCESS = 25;

const CLOCK_TICKS_PER_SECOND = 100;
const LOOK_EVERY_MS = 500;

/** Judges mutants one after the other in a lane, in one process for many of them: starting one costs more than most tests. */
export class Judge {
  #lane;
  #child;
  #mutants = 0;

  constructor(lane) {
    this.#lane = lane;
  }

  /** Returns what noticed the mutant; undefined when nothing did. */
  async verdict(file, code) {
    if (this.#mutants % MUTANTS_PER_PROCESS === 0) this.end();
    const copy = copyOf(this.#lane, this.#mutants++);
    try {
      await plant(copy, file, code);
    } catch {
      return "does not compile";
    }
    try {
      for (const [stage, seconds] of STAGES) {
        const difference = await this.#ask({ copy, stage, file }, seconds);
        if (difference !== undefined) return difference;
      }
      return undefined;
    } finally {
      rmSync(copy, { recursive: true });
    }
  }

  end() {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }

  #ask(request, seconds) {
    if (this.#child?.connected !== true) this.#child = this.#start();
    const child = this.#child;
    const end = processorSeconds(child.pid) + seconds;
    return new Promise((resolve) => {
      const done = (difference) => {
        clearInterval(watch);
        child.removeAllListeners();
        resolve(difference);
      };
      const watch = setInterval(() => {
        if (processorSeconds(child.pid) < end) return;
        this.end();
        done(`takes more than ${seconds} s in ${request.stage}`);
      }, LOOK_EVERY_MS);
      child.on("message", ({ difference }) => done(difference));
      child.on("exit", (code, signal) => done(`ends the process: ${signal ?? code}`));
      child.send(request);
    });
  }

  #start() {
    return fork(join(this.#lane, "check.mjs"), {
      cwd: this.#lane,
      execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
  }
}

/** User and system time of a process so far. Where there is no /proc, the wall clock has to do. */
function processorSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
  } catch {
    return performance.now() / 1_000;
  }
}
