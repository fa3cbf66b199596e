import { FileError, type FileErrorCode, type FileHandle } from "./environment.ts";
import type { FileFault, FileOperationKind } from "./file-faults.ts";
import type { MemoryDisk } from "./memory-disk.ts";
import type { MemoryFileContent, PendingSectors } from "./memory-file-content.ts";

/** What an open file needs of the file system it belongs to. */
export interface OperationRunner {
  readonly disk: MemoryDisk;
  perform(
    kind: FileOperationKind,
    path: string,
    position: number,
    bytes: number,
    effect: (fault: FileFault | undefined) => void,
  ): Promise<void>;
}

/** An open file of a `MemoryFiles`. */
export class MemoryFileHandle implements FileHandle {
  readonly #files: OperationRunner;
  readonly #path: string;
  readonly #content: MemoryFileContent;
  readonly #writable: boolean;
  #closed = false;

  constructor(files: OperationRunner, path: string, content: MemoryFileContent, writable: boolean) {
    this.#files = files;
    this.#path = path;
    this.#content = content;
    this.#writable = writable;
  }

  async size(): Promise<number> {
    this.#requireOpen();
    await this.#files.perform("read", this.#path, 0, 0, () => undefined);
    return this.#content.size;
  }

  async read(position: number, into: Uint8Array): Promise<number> {
    this.#requireOpen();
    let count = 0;
    await this.#files.perform("read", this.#path, position, into.length, () => {
      count = this.#content.read(position, into);
    });
    return count;
  }

  async write(position: number, parts: readonly Uint8Array[]): Promise<void> {
    this.#requireWritable();
    await this.#files.perform("write", this.#path, position, lengthOf(parts), (fault) => {
      this.#writeParts(position, parts, fault);
    });
  }

  async writeDurably(position: number, parts: readonly Uint8Array[]): Promise<void> {
    this.#requireWritable();
    const length = lengthOf(parts);
    let pending: PendingSectors | undefined;
    await this.#files.perform("writeDurably", this.#path, position, length, (fault) => {
      this.#writeParts(position, parts, fault);
      if (fault?.type === "error") this.#failSync(fault);
      if (fault?.type !== "lost") {
        pending = this.#content.pendingRange(position, position + length);
      }
    });
    if (pending !== undefined) this.#content.makeDurable(pending);
  }

  async sync(): Promise<void> {
    this.#requireWritable();
    let pending: PendingSectors | undefined;
    await this.#files.perform("sync", this.#path, 0, 0, (fault) => {
      if (fault?.type === "error") this.#failSync(fault);
      pending = this.#content.pending();
    });
    if (pending !== undefined) this.#content.makeDurable(pending);
  }

  async truncate(size: number): Promise<void> {
    this.#requireWritable();
    await this.#files.perform("truncate", this.#path, size, 0, () => {
      this.#requireSpace(size);
      this.#content.truncate(size);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #failSync(fault: Extract<FileFault, { type: "error" }>): never {
    if (fault.pages === "drop" || fault.pages === "clean") this.#content.losePending(fault.pages);
    throw fileError(fault.code, this.#path, "injected fault");
  }

  #writeParts(position: number, parts: readonly Uint8Array[], fault: FileFault | undefined): void {
    if (fault?.type === "lost") return;
    let room = this.#roomAt(position);
    if (fault?.type === "short") room = Math.min(room, fault.bytes);
    let at = position;
    for (const part of parts) {
      const taken = part.subarray(0, Math.max(0, room));
      this.#content.write(at, taken);
      at += taken.length;
      room -= taken.length;
      if (taken.length < part.length) {
        throw fault?.type === "short"
          ? fileError(fault.code, this.#path, "injected short write")
          : fileError("noSpace", this.#path, "the disk is full");
      }
    }
  }

  /** Bytes that may be written at `position` before the disk is full. */
  #roomAt(position: number): number {
    const free = this.#files.disk.freeBytes;
    return Math.max(0, this.#content.size - position) + free;
  }

  #requireSpace(size: number): void {
    if (size - this.#content.size > this.#files.disk.freeBytes) {
      throw fileError("noSpace", this.#path, "the disk is full");
    }
  }

  #requireOpen(): void {
    if (this.#closed) throw fileError("io", this.#path, "the file is closed");
  }

  #requireWritable(): void {
    this.#requireOpen();
    if (!this.#writable) throw fileError("denied", this.#path, "opened for reading only");
  }
}

function lengthOf(parts: readonly Uint8Array[]): number {
  let length = 0;
  for (const part of parts) length += part.length;
  return length;
}

export function fileError(code: FileErrorCode, path: string, reason: string): FileError {
  return new FileError(code, path, `${path}: ${reason}`);
}
