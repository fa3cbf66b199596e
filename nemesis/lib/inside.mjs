// The run happens in namespaces of its own for network, mounts and processes, which the kernel takes down with its first process:
// whatever way it ends, no interface, mount or member is left.
import { spawn } from "node:child_process";
import { Socket } from "node:net";
import { fileURLToPath } from "node:url";

const MARK = "QUORATE_NEMESIS_OWNER";
/** The pipe to the process outside; it closes when that one is gone. */
const OWNER_FD = 3;
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
  // The terminal tells both; the one inside decides what to do about it.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.stdio[OWNER_FD].end());
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(signal === null ? code : 1));
  });
}

export const OwnerGone = {
  /** Calls `run` once the process outside is gone or was told to stop. */
  listen(run) {
    if (!isInside()) return;
    const owner = new Socket({ fd: OWNER_FD });
    owner.on("error", () => undefined);
    owner.on("close", run);
    owner.resume();
    owner.unref();
  },
};
