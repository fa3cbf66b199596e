import { constants, openSync, writeSync } from "node:fs";
import { ConfigError } from "../config/config-error.ts";
import { causeOf } from "../config/file-problem.ts";

/** A reader that is merely slow gets so long before a line is given up; the whole member waits meanwhile. */
const SLOW_READER_MS = 100;
const LOOK_AGAIN_MS = 5;

/** Where lines go. Writing never throws: a full disk under the log must not end a member that is well. */
export interface LineOutput {
  write(line: string): void;
  /** Lines that could not be written since the start. */
  readonly dropped: number;
}

/** Lines that nobody wants. */
export const NOWHERE: LineOutput = { write: () => {}, dropped: 0 };

/**
 * Writes each line at once, because the last ones before an end are the ones that matter. What cannot be written is
 * counted, and said as soon as writing works again.
 */
export class FdOutput implements LineOutput {
  readonly #fd: number;
  readonly #lost: (count: number, error: string) => string;
  #dropped = 0;
  #unsaid = 0;
  #error = "";
  #isTorn = false;

  /** `lost` makes the line that says how many lines are missing. */
  constructor(fd: number, lost: (count: number, error: string) => string) {
    this.#fd = fd;
    this.#lost = lost;
  }

  get dropped(): number {
    return this.#dropped;
  }

  write(line: string): void {
    const notice = this.#unsaid === 0 ? "" : this.#lost(this.#unsaid, this.#error);
    const end = this.#isTorn ? "\n" : "";
    if (!this.#writeWhole(Buffer.from(`${end}${notice}${line}`))) {
      this.#dropped += 1;
      this.#unsaid += 1;
      return;
    }
    this.#unsaid = 0;
    this.#isTorn = false;
  }

  #writeWhole(bytes: Buffer): boolean {
    let written = 0;
    let waitedMs = this.#unsaid === 0 ? 0 : SLOW_READER_MS;
    while (written < bytes.length) {
      try {
        written += writeSync(this.#fd, bytes, written);
      } catch (error) {
        this.#error = causeOf(error);
        if (codeOf(error) === "EAGAIN" && waitedMs < SLOW_READER_MS) {
          waitedMs += LOOK_AGAIN_MS;
          Atomics.wait(SLEEP, 0, 0, LOOK_AGAIN_MS);
          continue;
        }
        if (written > 0) this.#isTorn = true;
        return false;
      }
    }
    return true;
  }
}

const SLEEP = new Int32Array(new SharedArrayBuffer(4));

/**
 * Opens a file to append to, before anything else happens, so that a wrong path ends the start. Without waiting for a
 * reader where the path is a pipe. Throws `ConfigError`.
 */
export function openLogFile(path: string): number {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants;
  try {
    return openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o644);
  } catch (cause) {
    throw new ConfigError(
      `The log cannot be written to ${path} (--log-outputs): ${causeOf(cause)}.`,
      { cause },
    );
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
