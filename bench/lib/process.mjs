// What a process and the machine have used so far, read from /proc.
import { readFileSync } from "node:fs";

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
