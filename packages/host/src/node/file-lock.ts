import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { createServer, type Server } from "node:net";
import { hostname } from "node:os";
import { FileError, type FileLock } from "../environment/environment.ts";
import {
  closeDescriptor,
  openDescriptor,
  readFully,
  sizeOf,
  statIdentity,
  truncateTo,
  writeFully,
} from "./descriptor.ts";
import { systemCode } from "./file-error.ts";

const FILE_MODE = 0o600;
/** `O_EXLOCK` of macOS and the BSDs, where opening and locking are one call. Node knows the value, not the name. */
const OPEN_EXCLUSIVELY_LOCKED = 0x20;
/** A holder's description is one short line; anything longer is not ours. */
const HOLDER_BYTES_MAX = 256;

/**
 * Takes an exclusive lock that ends with the process, however it ends: nothing is left behind that a later start
 * would have to judge.
 *
 *  - Linux: an advisory `flock` on the file. Node has no call for it, but such a lock belongs to the open file, not to
 *    the process: the `flock` command gets our descriptor, locks it and exits, and the lock stays until we go. It
 *    holds against every process on this machine, containers that share the folder included.
 *  - macOS and BSD: opened with `O_EXLOCK`, the same kind of lock.
 *  - Linux without the `flock` command, and Windows: a listening socket without a file (abstract name, named pipe) that is called after
 *    the lock file's device and inode. Only one process can hold the name. Containers with separate network namespaces do not
 *    see each other's: give each its own data folder.
 */
export async function lockFile(path: string): Promise<FileLock> {
  if (process.platform === "darwin" || process.platform.endsWith("bsd")) return lockByOpen(path);
  const flags = constants.O_RDWR | constants.O_CREAT;
  const descriptor = await openDescriptor(path, flags, FILE_MODE);
  try {
    const outcome = process.platform === "linux" ? await flock(descriptor) : "unavailable";
    if (outcome === "held") throw await lockedError(path, descriptor);
    const server = outcome === "unavailable" ? await holdName(path, descriptor) : undefined;
    await describeHolder(descriptor);
    return releaseOnce(async () => {
      if (server !== undefined) await closeServer(server);
      await closeDescriptor(descriptor);
    });
  } catch (error) {
    await closeDescriptor(descriptor);
    throw error;
  }
}

async function lockByOpen(path: string): Promise<FileLock> {
  const flags = constants.O_RDWR | constants.O_CREAT;
  let descriptor: number;
  try {
    const locking = OPEN_EXCLUSIVELY_LOCKED | constants.O_NONBLOCK;
    descriptor = await openDescriptor(path, flags | locking, FILE_MODE);
  } catch (error) {
    if (systemCode(error) !== "EAGAIN") throw error;
    const reader = await openDescriptor(path, constants.O_RDONLY);
    try {
      throw await lockedError(path, reader);
    } finally {
      await closeDescriptor(reader);
    }
  }
  await describeHolder(descriptor);
  return releaseOnce(() => closeDescriptor(descriptor));
}

/** Passes the descriptor to the `flock` command as number 3. */
function flock(descriptor: number): Promise<"taken" | "held" | "unavailable"> {
  return new Promise((resolve) => {
    const child = spawn("flock", ["-n", "3"], {
      stdio: ["ignore", "ignore", "ignore", descriptor],
    });
    child.once("error", () => resolve("unavailable"));
    child.once("exit", (status) => {
      if (status === 0) resolve("taken");
      else resolve(status === 1 ? "held" : "unavailable");
    });
  });
}

async function holdName(path: string, descriptor: number): Promise<Server> {
  const identity = await statIdentity(descriptor);
  const name =
    process.platform === "win32"
      ? `\\\\.\\pipe\\quorate-${identity}`
      : `\0quorate-lock-${identity}`;
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      if (systemCode(error) === "EADDRINUSE") lockedError(path, descriptor).then(reject, reject);
      else reject(error);
    });
    server.listen(name, () => {
      server.unref();
      resolve(server);
    });
  });
}

async function describeHolder(descriptor: number): Promise<void> {
  const line = new TextEncoder().encode(`process ${process.pid} on ${hostname()}\n`);
  await truncateTo(descriptor, 0);
  await writeFully(descriptor, 0, [line.subarray(0, HOLDER_BYTES_MAX)]);
}

async function lockedError(path: string, descriptor: number): Promise<FileError> {
  const bytes = new Uint8Array(Math.min(await sizeOf(descriptor), HOLDER_BYTES_MAX));
  const count = await readFully(descriptor, 0, bytes);
  const holder = new TextDecoder().decode(bytes.subarray(0, count)).trim() || "another process";
  return new FileError("locked", path, `${path} is held by ${holder}`);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function releaseOnce(release: () => Promise<void>): FileLock {
  let released: Promise<void> | undefined;
  return {
    release: () => {
      released ??= release();
      return released;
    },
  };
}
