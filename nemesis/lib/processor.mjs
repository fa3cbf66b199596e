// A share of a processor for one process: by a cgroup, or by stopping it most of the time.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const CGROUP = "/sys/fs/cgroup/cpu";
const PREFIX = "quorate-nemesis-";
const PERIOD_US = 50_000;
const DUTY_MS = 50;

/** Limits a process until the function that comes back is called. `share` is of one processor. */
export function limitProcessor(pid, share, { cgroup, owner, pause }) {
  return cgroup.available ? byCgroup(pid, share, owner) : byTurns(pid, share, pause);
}

function byCgroup(pid, share, owner) {
  const folder = join(CGROUP, `${PREFIX}${owner}-${pid}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "cpu.cfs_period_us"), `${PERIOD_US}`);
  writeFileSync(join(folder, "cpu.cfs_quota_us"), `${Math.round(PERIOD_US * share)}`);
  writeFileSync(join(folder, "cgroup.procs"), `${pid}`);
  return () => removeCgroup(folder);
}

/** Whoever is left in it goes back to where everybody is. */
function removeCgroup(folder) {
  writeFileSync(join(folder, "cpu.cfs_quota_us"), "-1");
  for (const pid of pidsIn(folder)) {
    try {
      writeFileSync(join(CGROUP, "cgroup.procs"), pid);
    } catch {
      // It has just ended, which is as good.
    }
  }
  try {
    rmdirSync(folder);
  } catch {
    // A process that is just ending keeps it a moment longer; the next run clears it away by its name.
  }
}

function pidsIn(folder) {
  return readdirSync(folder).includes("cgroup.procs")
    ? readFileSync(join(folder, "cgroup.procs"), "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
}

function byTurns(pid, share, pause) {
  let isOver = false;
  const signal = (name) => {
    try {
      process.kill(pid, name);
      return true;
    } catch {
      return false;
    }
  };
  const turns = (async () => {
    while (!isOver && signal("SIGSTOP")) {
      await pause(DUTY_MS * (1 - share));
      if (!signal("SIGCONT")) return;
      await pause(DUTY_MS * share);
    }
  })();
  return async () => {
    isOver = true;
    await turns;
    signal("SIGCONT");
  };
}

/** Groups that a run which was killed left behind; `isAlive` says whether its owner still runs. */
export function clearCgroups(isAlive) {
  if (!existsSync(CGROUP)) return 0;
  let cleared = 0;
  for (const name of readdirSync(CGROUP)) {
    if (!name.startsWith(PREFIX) || isAlive(Number(name.slice(PREFIX.length).split("-")[0]))) {
      continue;
    }
    removeCgroup(join(CGROUP, name));
    cleared += 1;
  }
  return cleared;
}
