import type { FileHandle, FileSystem } from "../environment/environment.ts";
import { dataFileName } from "./snapshot-format.ts";

/** The content of one snapshot as a single run of bytes over several files. */
export class DataFiles {
  readonly #files: FileSystem;
  readonly #directory: string;
  readonly #fileBytes: number;
  readonly #mode: "read" | "write";
  readonly #open: Map<number, FileHandle> = new Map();
  readonly #unsynced: Set<FileHandle> = new Set();

  /** With `write` files are made as they are needed. */
  constructor(files: FileSystem, directory: string, fileBytes: number, mode: "read" | "write") {
    this.#files = files;
    this.#directory = directory;
    this.#fileBytes = fileBytes;
    this.#mode = mode;
  }

  /** Reads a piece that lies within one file; fewer bytes at the end. */
  async read(position: number, into: Uint8Array): Promise<number> {
    const handle = await this.#handle(Math.floor(position / this.#fileBytes));
    return handle.read(position % this.#fileBytes, into);
  }

  /** Writes a piece that lies within one file. */
  async write(position: number, bytes: Uint8Array): Promise<void> {
    const handle = await this.#handle(Math.floor(position / this.#fileBytes));
    this.#unsynced.add(handle);
    await handle.write(position % this.#fileBytes, [bytes]);
  }

  /** Cuts everything behind `size` off, whole files included. */
  async truncate(size: number): Promise<void> {
    const last = Math.floor(Math.max(0, size - 1) / this.#fileBytes);
    const handle = await this.#handle(last);
    this.#unsynced.add(handle);
    await handle.truncate(size - last * this.#fileBytes);
    for (let number = last + 1; await this.#exists(number); number += 1) {
      await this.#open.get(number)?.close();
      this.#open.delete(number);
      await this.#files.remove(this.#path(number));
    }
  }

  /** Sizes of all files together, as far as they are there in order. */
  async size(): Promise<number> {
    let size = 0;
    for (let number = 0; await this.#exists(number); number += 1) {
      size += await (await this.#handle(number)).size();
    }
    return size;
  }

  async sync(): Promise<void> {
    const handles = [...this.#unsynced];
    this.#unsynced.clear();
    for (const handle of handles) await handle.sync();
  }

  async close(): Promise<void> {
    const handles = [...this.#open.values()];
    this.#open.clear();
    for (const handle of handles) await handle.close();
  }

  async #handle(number: number): Promise<FileHandle> {
    const known = this.#open.get(number);
    if (known !== undefined) return known;
    const isThere = this.#mode === "read" || (await this.#exists(number));
    const mode = isThere ? this.#mode : "create";
    const handle = await this.#files.open(this.#path(number), { mode });
    this.#open.set(number, handle);
    return handle;
  }

  #exists(number: number): Promise<boolean> {
    return this.#files.exists(this.#path(number));
  }

  #path(number: number): string {
    return `${this.#directory}/${dataFileName(number)}`;
  }
}
