import type { FileHandle, FileSystem } from "../environment/environment.ts";
import type { SegmentContent } from "./log-replay.ts";

/** One file of the log while the log is open. */
export class Segment {
  readonly number: number;
  readonly name: string;
  /** Lower half of the segment's random id. */
  readonly tag: number;
  readonly content: SegmentContent;
  /** Zero-written and synced up to here; the announced part of it may be written to. */
  preparedBytes: number;
  readonly #files: FileSystem;
  readonly #path: string;
  #handle: Promise<FileHandle> | undefined;
  #readers = 0;
  #retired = false;

  constructor(options: {
    readonly files: FileSystem;
    readonly path: string;
    readonly name: string;
    readonly number: number;
    readonly tag: number;
    readonly content: SegmentContent;
    readonly preparedBytes: number;
    /** Open for writing; without it the file is opened for reading when it is needed. */
    readonly handle?: FileHandle | undefined;
  }) {
    this.#files = options.files;
    this.#path = options.path;
    this.name = options.name;
    this.number = options.number;
    this.tag = options.tag;
    this.content = options.content;
    this.preparedBytes = options.preparedBytes;
    this.#handle = options.handle === undefined ? undefined : Promise.resolve(options.handle);
  }

  get path(): string {
    return this.#path;
  }

  get isSealed(): boolean {
    return this.content.seal !== undefined;
  }

  handle(): Promise<FileHandle> {
    this.#handle ??= this.#files.open(this.#path, { mode: "read" });
    return this.#handle;
  }

  /** A handle to write with; release it when done, and leave the segment's own as it is. */
  async writableHandle(): Promise<{ handle: FileHandle; release: () => Promise<void> }> {
    const handle = await this.#files.open(this.#path, { mode: "write" });
    return { handle, release: () => handle.close() };
  }

  /** Reads [from, to); undefined when the segment was given up meanwhile. */
  async read(from: number, to: number): Promise<Uint8Array | undefined> {
    if (this.#retired) return undefined;
    this.#readers += 1;
    try {
      const handle = await this.handle();
      const bytes = new Uint8Array(to - from);
      const count = await handle.read(from, bytes);
      return bytes.subarray(0, count);
    } finally {
      this.#readers -= 1;
      if (this.#retired && this.#readers === 0) await this.#close();
    }
  }

  /** No read starts from now on; the file is closed when the last running one is done. */
  async retire(): Promise<void> {
    if (this.#retired) return;
    this.#retired = true;
    if (this.#readers === 0) await this.#close();
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle !== undefined) await (await handle).close();
  }
}
