// `npm run crash-points`: ends a process at every storage call, before and after it, goes through what the loss of power may
// then leave on the disk, and damages every bit and every length of every file. The same tests run in `npm test` over a
// part; here over all of it, which takes some minutes. Prints what each went through, and the sums.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { readCommandLine } from "./command-line.mjs";
import { prepare, root, say } from "./prepare.mjs";

const TESTS = [
  "packages/host/test/log/crash-points.test.ts",
  "packages/host/test/log/damage.test.ts",
  "packages/host/test/log/small-files-damage.test.ts",
  "packages/host/test/snapshot/snapshot-crashes.test.ts",
  "packages/host/test/host/host-crash-points.test.ts",
  "packages/host/test/identity/identity-file.test.ts",
];

readCommandLine(
  `npm run crash-points

Cuts the power at every storage call and damages every file, which takes some minutes. There are no options.`,
  {},
);
prepare();

const sums = { places: 0, states: 0, damaged: 0 };

/** Counts what a test says about itself; everything else of its output is passed on. */
function hear(line) {
  const crashes = /: (\d+) places to die at .*, (\d+) states of the disk$/.exec(line);
  const damage = /: (\d+) damaged copies /.exec(line);
  sums.places += Number(crashes?.[1] ?? 0);
  sums.states += Number(crashes?.[2] ?? 0);
  sums.damaged += Number(damage?.[1] ?? 0);
  say(line);
}

const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const child = spawn(
  process.execPath,
  [vitest, "run", "--maxWorkers=1", "--disableConsoleIntercept", ...TESTS],
  {
    cwd: root,
    env: { ...process.env, QUORATE_CRASH_POINTS: "all", NO_COLOR: "1", FORCE_COLOR: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  },
);
for await (const line of createInterface({ input: child.stdout })) hear(line);
const status = child.exitCode ?? (await new Promise((resolve) => child.once("exit", resolve)));
say(
  `${sums.places} places to die at with ${sums.states} states of the disk behind them, ${sums.damaged} damaged copies: ` +
    (status === 0 ? "nothing lost, nothing accepted in silence" : "FAILED, see above"),
);
process.exit(status === 0 ? 0 : 1);
