// Disks that fail on command, for one process: fault-shim.c, built on demand, loaded before libc.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, openSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/prepare.mjs";
import { Skipped } from "./report.mjs";

const SOURCE = join(root, "drills", "fault-shim", "fault-shim.c");
const FOLDER = join(root, ".quorate", "drills");
const LIBRARY = join(FOLDER, "fault-shim.so");
/** What the library maps; the rest of the file is blank. */
const CONTROL_BYTES = 4_096;

/** Throws `Skipped` with the reason where it cannot be built. */
function build() {
  if (process.platform !== "linux") throw new Skipped("the fault injector needs Linux");
  if (existsSync(LIBRARY) && statSync(LIBRARY).mtimeMs > statSync(SOURCE).mtimeMs) return;
  mkdirSync(FOLDER, { recursive: true });
  const options = ["-shared", "-fPIC", "-O2", "-Wall", "-o", LIBRARY, SOURCE, "-ldl"];
  const { error, status, stderr } = spawnSync("gcc", options, { encoding: "utf8" });
  if (error !== undefined) {
    throw new Skipped(`the fault injector is built with gcc, which is not here (${error.message})`);
  }
  if (status !== 0) throw new Error(`gcc could not build the fault injector: ${stderr}`);
}

/** The faults of one process. Give `env` to the process; `set` and `clear` work while it runs. */
export class FaultyDisk {
  #control;

  constructor(folder, name) {
    build();
    const path = join(folder, `${name}.faults`);
    this.#control = openSync(path, "w");
    this.#write("");
    this.env = { LD_PRELOAD: LIBRARY, QUORATE_FAULTS: path, UV_USE_IO_URING: "0" };
  }

  /** Rules as they stand in fault-shim.c, such as `sync /log/ eio`. In force for every call from now on. */
  set(...rules) {
    this.#write(rules.join("\n"));
  }

  clear() {
    this.#write("");
  }

  #write(text) {
    const bytes = Buffer.alloc(CONTROL_BYTES);
    bytes.write(`${text}\n`);
    writeSync(this.#control, bytes, 0, CONTROL_BYTES, 0);
  }
}
