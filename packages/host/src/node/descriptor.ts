import * as fs from "node:fs";
import { promisify } from "node:util";

/** System calls on file descriptors as promises, each doing its whole job. */
export const openDescriptor: (path: string, flags: number, mode?: number) => Promise<number> =
  promisify(fs.open);
export const closeDescriptor: (descriptor: number) => Promise<void> = promisify(fs.close);
export const syncData: (descriptor: number) => Promise<void> = promisify(fs.fdatasync);
export const syncAll: (descriptor: number) => Promise<void> = promisify(fs.fsync);
export const truncateTo: (descriptor: number, size: number) => Promise<void> = promisify(
  fs.ftruncate,
);

const statDescriptor: (descriptor: number) => Promise<fs.Stats> = promisify(fs.fstat);

export async function sizeOf(descriptor: number): Promise<number> {
  return (await statDescriptor(descriptor)).size;
}

/** Device and inode: what stays the same when the file is renamed or reached by another path. */
export async function statIdentity(descriptor: number): Promise<string> {
  const status = await statDescriptor(descriptor);
  return `${status.dev}-${status.ino}`;
}

/** Fills `into`; resolves with fewer bytes only at the end of the file. */
export function readFully(descriptor: number, position: number, into: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    let done = 0;
    const next = (): void => {
      fs.read(descriptor, into, done, into.length - done, position + done, (error, count) => {
        done += count;
        if (error !== null) reject(error);
        else if (count === 0 || done === into.length) resolve(done);
        else next();
      });
    };
    if (into.length === 0) resolve(0);
    else next();
  });
}

/** The system may write less than it was given; what is missing follows until all of it is there. */
export function writeFully(
  descriptor: number,
  position: number,
  parts: readonly Uint8Array[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    let rest = parts.filter((part) => part.length > 0);
    let at = position;
    const written = (error: Error | null, count: number): void => {
      at += count;
      rest = withoutFirst(rest, count);
      if (error !== null) reject(error);
      else if (count === 0) reject(new Error("the system wrote nothing and gave no reason"));
      else next();
    };
    const next = (): void => {
      const [first] = rest;
      if (first === undefined) resolve();
      else if (rest.length === 1) fs.write(descriptor, first, 0, first.length, at, written);
      else fs.writev(descriptor, rest, at, written);
    };
    next();
  });
}

function withoutFirst(parts: readonly Uint8Array[], count: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let skip = count;
  for (const part of parts) {
    if (skip < part.length) rest.push(skip > 0 ? part.subarray(skip) : part);
    skip = Math.max(0, skip - part.length);
  }
  return rest;
}
