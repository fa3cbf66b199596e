import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import type { FileHandle, FileSystem, OpenOptions } from "../environment/environment.ts";
import { closeDescriptor, openDescriptor, syncAll } from "./descriptor.ts";
import { systemCode, toFileError } from "./file-error.ts";
import { lockFile } from "./file-lock.ts";
import { NodeFileHandle } from "./node-file-handle.ts";

/** Data files are for the user that runs the process alone: they hold what clients store. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/** The machine's file system. */
export const nodeFiles: FileSystem = {
  open: (path, options) => named(path, () => openFile(path, options)),
  makeDirectory: (path) =>
    named(path, async () => {
      await fs.mkdir(path, { recursive: true, mode: DIRECTORY_MODE });
    }),
  list: (path) => named(path, async () => (await fs.readdir(path)).sort()),
  exists: (path) => named(path, () => exists(path)),
  rename: (from, to) => named(from, () => fs.rename(from, to)),
  remove: (path) => named(path, () => fs.unlink(path)),
  removeTree: (path) => named(path, () => fs.rm(path, { recursive: true, force: true })),
  syncDirectory: (path) => named(path, () => syncDirectory(path)),
  lock: (path) => named(path, () => lockFile(path)),
  freeBytes: (path) =>
    named(path, async () => {
      const status = await fs.statfs(path);
      return status.bavail * status.bsize;
    }),
};

async function openFile(path: string, options: OpenOptions): Promise<FileHandle> {
  return new NodeFileHandle(path, await openDescriptor(path, flagsOf(options), FILE_MODE));
}

function flagsOf(options: OpenOptions): number {
  switch (options.mode) {
    case "read":
      return constants.O_RDONLY;
    case "write":
      return constants.O_RDWR;
    case "create":
      return constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await fs.access(path);
    return true;
  } catch (error) {
    if (toFileError(path, error).code === "notFound") return false;
    throw error;
  }
}

async function syncDirectory(path: string): Promise<void> {
  let descriptor: number;
  try {
    descriptor = await openDescriptor(path, constants.O_RDONLY);
  } catch (error) {
    // Windows cannot open folders; its journal keeps the order of names without being asked.
    if (process.platform === "win32" && systemCode(error) !== "ENOENT") return;
    throw error;
  }
  try {
    await syncAll(descriptor);
  } catch (error) {
    if (process.platform !== "win32") throw error;
  } finally {
    await closeDescriptor(descriptor);
  }
}

async function named<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toFileError(path, error);
  }
}
