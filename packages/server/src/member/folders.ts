import { accessSync, chmodSync, constants, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { ConfigError } from "../config/config-error.ts";
import { causeOf } from "../config/file-problem.ts";

/** Only the owner may use what a member keeps: values and hashes of passwords are in it. */
export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

const OTHERS = 0o077;

/**
 * Makes a folder and those above it that are missing, one by one: Node's own way of making them all never ends where the
 * system says that a folder below an existing one cannot be, as in /proc.
 */
export function makeFolders(path: string): void {
  try {
    mkdirSync(path, { mode: FOLDER_MODE });
  } catch (error) {
    if (codeOf(error) === "EEXIST" && statSync(path).isDirectory()) return;
    if (codeOf(error) !== "ENOENT" || isThere(dirname(path))) throw error;
    makeFolders(dirname(path));
    mkdirSync(path, { mode: FOLDER_MODE });
  }
}

/** Makes the folder of a member's data, for its owner only. Throws `ConfigError`. */
export function makeDataDir(dataDir: string): void {
  const { R_OK, W_OK, X_OK } = constants;
  try {
    makeFolders(dataDir);
    accessSync(dataDir, R_OK | W_OK | X_OK);
  } catch (cause) {
    throw new ConfigError(
      `Cannot use ${dataDir} (--data-dir) as this member's folder: ${causeOf(cause)}.`,
      { cause },
    );
  }
}

/** Whether there is something at the place. Throws `ConfigError` where this user may not know. */
export function isThere(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (cause) {
    if (codeOf(cause) === "ENOENT" || codeOf(cause) === "ENOTDIR") return false;
    throw new ConfigError(`Cannot look at ${path}: ${causeOf(cause)}.`, { cause });
  }
}

/** Whether users other than the owner may do anything with it. */
export function isOpenToOthers(path: string): boolean {
  return (statSync(path).mode & OTHERS) !== 0;
}

/** Takes away what others may do; leaves a file that is somebody else's as it is. */
export function closeToOthers(path: string): void {
  const mode = statSync(path).mode & 0o777;
  if ((mode & OTHERS) === 0) return;
  try {
    chmodSync(path, mode & ~OTHERS);
  } catch (error) {
    if (codeOf(error) !== "EPERM") throw error;
  }
}

export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
