import { spawn } from "node:child_process";

/**
 * Processor seconds each stage may take, several times what a sound core takes: a mutant that loops endlessly is killed.
 * Processor time, because how much of it one gets depends on what else runs.
 */
const STAGES = [
  ["quick", 12],
  ["long", 60],
];

/** Enough for a sound core many times over; a mutant that only grows ends early. */
const HEAP_MEGABYTES = 400;

/** Returns what noticed the mutant that is planted in the lane; undefined when nothing did. */
export async function judge(lane, file) {
  for (const [stage, seconds] of STAGES) {
    const verdict = await run(lane, seconds, [stage, file]);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

function run(cwd, seconds, args) {
  const limited = `ulimit -t ${seconds}; exec "$@"`;
  const command = [process.execPath, `--max-old-space-size=${HEAP_MEGABYTES}`, "check.mjs"];
  const child = spawn("sh", ["-c", limited, "sh", ...command, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(output.trim().split("\n").at(-1) || `ended by ${signal ?? code}`);
    });
  });
}
