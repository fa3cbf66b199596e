// What members cost over time.
import { readdirSync, readFileSync } from "node:fs";
import { folderBytes } from "../drills/lib/folder-bytes.mjs";

const MB = 1 << 20;

/** Samples of one member: resident memory, disk, open files. */
export class Course {
  samples = [];

  constructor(pidOf, dataDir) {
    this.pidOf = pidOf;
    this.dataDir = dataDir;
  }

  look() {
    try {
      const pid = this.pidOf();
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      this.samples.push({
        memoryMb: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024,
        diskMb: folderBytes(this.dataDir) / MB,
        files: readdirSync(`/proc/${pid}/fd`).length,
      });
    } catch {
      // It is not running just now.
    }
  }

  get last() {
    return this.samples.at(-1);
  }

  /** The highest value in the second and in the last third: the first is for warming up. */
  peaks(what) {
    const third = Math.floor(this.samples.length / 3);
    const peak = (from, to) => Math.max(...this.samples.slice(from, to).map((one) => one[what]));
    return { middle: peak(third, 2 * third), end: peak(2 * third, this.samples.length) };
  }
}

/** Whether a course keeps to its bounds: never above `max`, and in the end at most `growthMax` above the middle. */
export function keepsWithin({ middle, end }, max, growthMax) {
  return { belowMax: Math.max(middle, end) <= max, steady: end <= middle + growthMax };
}
