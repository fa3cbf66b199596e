// What a process and the machine have used so far, read from /proc.
import { readdirSync, readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;

/** CPU seconds (user and system, all threads) a process has used. */
export function cpuSeconds(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory in bytes. */
export function residentBytes(pid) {
  const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(found?.[1] ?? 0) * 1024;
}

/** Busy and total jiffies of the whole machine: tells how much others were doing meanwhile. */
export function machineJiffies() {
  const [line] = readFileSync("/proc/stat", "utf8").split("\n");
  const numbers = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const total = numbers.reduce((sum, value) => sum + value, 0);
  return { total, busy: total - numbers[3] - numbers[4] };
}

/** What threads of one name are, in words; Node does not name its pool and V8's workers apart on every version. */
const MAIN = "main";

/**
 * CPU seconds by thread: `main`, and the others by name. With an earlier answer as `since`, what was used after it.
 */
export function threadCpu(pid, since) {
  const threads = new Map();
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    let text;
    try {
      text = readFileSync(`/proc/${pid}/task/${task}/stat`, "utf8");
    } catch {
      continue; // The thread has ended meanwhile.
    }
    const close = text.lastIndexOf(")");
    const fields = text.slice(close + 2).split(" ");
    const name =
      task === String(pid) ? MAIN : `${text.slice(text.indexOf("(") + 1, close)} ${task}`;
    threads.set(name, (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND);
  }
  if (since === undefined) return threads;
  const others = new Map();
  for (const [name, seconds] of threads) {
    if (name === MAIN) continue;
    const role = name.replace(/ \d+$/, "");
    const used = seconds - (since.get(name) ?? 0);
    others.set(role, (others.get(role) ?? 0) + used);
  }
  return { main: threads.get(MAIN) - since.get(MAIN), others };
}
