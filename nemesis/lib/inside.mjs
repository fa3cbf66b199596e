// The run happens in namespaces of its own for network, mounts and processes, which the kernel takes down with its first process:
// whatever way it ends, no interface, mount or member is left.
import { spawn } from "node:child_process";
import { Socket } from "node:net";
import { fileURLToPath } from "node:url";

const MARK = "QUORATE_NEMESIS_OWNER";
/** How somebody asks a run to stop. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
/** The pipe to the process outside; it closes when that one is gone. */
const OWNER_FD = 3;
/** What comes through it when the run is to stop. */
const STOP = "stop\n";
const PROGRAM = fileURLToPath(new URL("../run.mjs", import.meta.url));

export const isInside = () => process.env[MARK] !== undefined;

/** The process that a person started, whose number marks everything that could be left behind. */
export const ownerPid = () => Number(process.env[MARK] ?? process.pid);

/** Starts the same command inside; resolves with its exit code. `seed` was drawn here and must not be drawn again. */
export function goInside(seed) {
  const args = process.argv.slice(2);
  if (!args.some((arg) => arg.startsWith("--seed"))) args.push("--seed", `${seed}`);
  const child = spawn(
    "unshare",
    [
      "--net",
      "--mount",
      "--pid",
      "--fork",
      "--kill-child",
      "--mount-proc",
      process.execPath,
      PROGRAM,
      ...args,
    ],
    {
      stdio: ["inherit", "inherit", "inherit", "pipe"],
      env: { ...process.env, [MARK]: `${process.pid}` },
    },
  );
  // A terminal tells both, a supervisor only this one: the one inside listens to what is passed on and to nothing else.
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => child.stdio[OWNER_FD].write(STOP));
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(signal === null ? code : 1));
  });
}

export const Owner = {
  /** Hears from the process outside: that it was asked to stop, or that it is gone. */
  listen({ gone, asked }) {
    if (!isInside()) {
      for (const signal of STOP_SIGNALS) process.on(signal, asked);
      return;
    }
    for (const signal of STOP_SIGNALS) process.on(signal, () => undefined);
    const owner = new Socket({ fd: OWNER_FD });
    owner.on("error", () => undefined);
    owner.on("close", gone);
    owner.on("data", asked);
    owner.unref();
  },
};
