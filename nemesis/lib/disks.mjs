// Where members keep their data: an ext4 file system of each one's own on a loop device, which can lose its power; or a plain
// folder where that is not to be had.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SHUTDOWN_PROGRAM } from "./means.mjs";

/** Sparse; far above what a member needs, so that only the faults that mean it fill a disk. */
const IMAGE_SIZE = "2G";

function run(command, ...args) {
  const { error, status, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr.trim()}`);
}

export class Ext4Disk {
  #image;

  constructor(folder, name) {
    this.#image = join(folder, `${name}.ext4`);
    this.mountPoint = join(folder, name);
    this.dataDir = join(this.mountPoint, "data");
    mkdirSync(this.mountPoint, { recursive: true });
    run("truncate", "-s", IMAGE_SIZE, this.#image);
    run("mkfs.ext4", "-q", "-E", "lazy_itable_init=1", this.#image);
    this.#mount();
  }

  #mount() {
    run("mount", "-o", "loop", this.#image, this.mountPoint);
  }

  /** From this moment nothing reaches the disk any more; what was not synced is lost. */
  cutPower() {
    run("perl", "-e", SHUTDOWN_PROGRAM, this.mountPoint);
  }

  /** Once the process is gone: what a machine finds when its power comes back. */
  restorePower() {
    run("umount", this.mountPoint);
    this.#mount();
  }

  wipe() {
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  close() {
    // Lazily: a member that is still ending must not keep the run from ending.
    spawnSync("umount", ["--lazy", this.mountPoint]);
  }
}

export class PlainDisk {
  constructor(folder, name) {
    this.dataDir = join(folder, name, "data");
    mkdirSync(join(folder, name), { recursive: true });
  }

  wipe() {
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  close() {}
}
