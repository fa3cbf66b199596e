import { constants } from "node:fs";
import { FileError, type FileHandle } from "../environment/environment.ts";
import {
  closeDescriptor,
  openDescriptor,
  readFully,
  sizeOf,
  syncData,
  truncateTo,
  writeFully,
} from "./descriptor.ts";
import { toFileError } from "./file-error.ts";

/** Writes through a descriptor opened with it are durable when they return. Used on Linux, where it is exact. */
const DURABLE_FLAG: number = process.platform === "linux" ? constants.O_DSYNC : 0;

/**
 * An open file. Durable writes go through a second descriptor opened with `O_DSYNC`: one system call and one trip to
 * the thread pool instead of two, and no journal commit on a file whose blocks were written before. Without it they
 * are a write and an `fdatasync`.
 */
export class NodeFileHandle implements FileHandle {
  readonly #path: string;
  readonly #descriptor: number;
  #durable: Promise<number | undefined> | undefined;
  #running = 0;
  #closing: Promise<void> | undefined;
  #idle: (() => void) | undefined;

  constructor(path: string, descriptor: number) {
    this.#path = path;
    this.#descriptor = descriptor;
  }

  size(): Promise<number> {
    return this.#run(() => sizeOf(this.#descriptor));
  }

  read(position: number, into: Uint8Array): Promise<number> {
    return this.#run(() => readFully(this.#descriptor, position, into));
  }

  write(position: number, parts: readonly Uint8Array[]): Promise<void> {
    return this.#run(() => writeFully(this.#descriptor, position, parts));
  }

  writeDurably(position: number, parts: readonly Uint8Array[]): Promise<void> {
    return this.#run(async () => {
      this.#durable ??= reopenDurable(this.#descriptor);
      const durable = await this.#durable;
      if (durable !== undefined) return writeFully(durable, position, parts);
      await writeFully(this.#descriptor, position, parts);
      await syncData(this.#descriptor);
    });
  }

  sync(): Promise<void> {
    return this.#run(() => syncData(this.#descriptor));
  }

  truncate(size: number): Promise<void> {
    return this.#run(() => truncateTo(this.#descriptor, size));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    try {
      const durable = await this.#durable;
      if (durable !== undefined) await closeDescriptor(durable);
      await closeDescriptor(this.#descriptor);
    } catch (error) {
      throw toFileError(this.#path, error);
    }
  }

  /**
   * The system reuses descriptor numbers: an operation that went on after `close` would hit another file. So none
   * starts after it, and it waits for those that run.
   */
  async #run<T>(operation: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) {
      throw new FileError("io", this.#path, `${this.#path}: the file is closed`);
    }
    this.#running += 1;
    try {
      return await operation();
    } catch (error) {
      throw toFileError(this.#path, error);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#idle?.();
    }
  }
}

/** The open file itself again, whatever its name has become; undefined where the system offers no such way. */
async function reopenDurable(descriptor: number): Promise<number | undefined> {
  if (DURABLE_FLAG === 0) return undefined;
  try {
    return await openDescriptor(`/proc/self/fd/${descriptor}`, constants.O_RDWR | DURABLE_FLAG);
  } catch {
    return undefined;
  }
}
