import { parentDirectory } from "./durable-directory.ts";
import type { FileHandle, FileLock, FileSystem, OpenOptions } from "./environment.ts";
import type { FileFault, FileFaultHook, FileOperation, FileOperationKind } from "./file-faults.ts";
import type { DiskNode, MemoryDisk } from "./memory-disk.ts";
import { MemoryFileContent } from "./memory-file-content.ts";
import { fileError, MemoryFileHandle, type OperationRunner } from "./memory-file-handle.ts";

/** Faults, delays and a trace for files in memory. */
export interface MemoryFilesOptions {
  readonly fault?: FileFaultHook | undefined;
  /** Delays an operation's completion; by default operations complete within the same turn of the event loop. */
  readonly latency?: ((operation: FileOperation) => Promise<void> | undefined) | undefined;
  /** Hears every operation before it runs. */
  readonly trace?: ((operation: FileOperation) => void) | undefined;
}

/**
 * A mounted `MemoryDisk`: the whole contract of `FileSystem`, strict where real ones are lenient. Names are durable
 * only after `syncDirectory`, bytes only after `sync` or `writeDurably`.
 */
export class MemoryFiles implements FileSystem, OperationRunner {
  readonly #disk: MemoryDisk;
  readonly #generation: number;
  readonly #options: MemoryFilesOptions;
  /** Consulted before every operation; may be exchanged at any time. */
  fault: FileFaultHook | undefined;
  #operations = 0;
  #dead = false;

  constructor(disk: MemoryDisk, options: MemoryFilesOptions = {}) {
    this.#disk = disk;
    this.#generation = disk.generation;
    this.#options = options;
    this.fault = options.fault;
  }

  get disk(): MemoryDisk {
    return this.#disk;
  }

  /** Operations begun so far. */
  get operations(): number {
    return this.#operations;
  }

  /** The process that used this mount is gone: nothing settles any more. */
  get isDead(): boolean {
    return this.#dead || this.#disk.generation !== this.#generation;
  }

  async open(path: string, options: OpenOptions): Promise<FileHandle> {
    await this.perform("open", path, 0, 0, () => {
      const node = this.#disk.node(path);
      if (options.mode === "create") {
        if (node !== undefined) throw fileError("exists", path, "there is a file of this name");
        this.#requireDirectory(parentDirectory(path), path);
        this.#assign(path, { kind: "file", content: new MemoryFileContent() });
      } else if (node?.kind !== "file") {
        throw fileError("notFound", path, "there is no such file");
      }
    });
    const node = this.#disk.node(path);
    if (node?.kind !== "file") throw fileError("notFound", path, "it went away while being opened");
    return new MemoryFileHandle(this, path, node.content, options.mode !== "read");
  }

  async makeDirectory(path: string): Promise<void> {
    await this.perform("makeDirectory", path, 0, 0, () => {
      for (const part of ancestors(path)) {
        const node = this.#disk.node(part);
        if (node?.kind === "file") throw fileError("exists", part, "there is a file of this name");
        if (node === undefined) this.#assign(part, { kind: "directory" });
      }
    });
  }

  async list(path: string): Promise<readonly string[]> {
    const names: string[] = [];
    await this.perform("list", path, 0, 0, () => {
      this.#requireDirectory(path, path);
      for (const candidate of this.#disk.paths()) {
        if (candidate !== path && parentDirectory(candidate) === path) {
          names.push(candidate.slice(path === "/" ? 1 : path.length + 1));
        }
      }
    });
    return names.sort();
  }

  async exists(path: string): Promise<boolean> {
    await this.perform("list", path, 0, 0, () => undefined);
    return this.#disk.node(path) !== undefined;
  }

  async rename(from: string, to: string): Promise<void> {
    await this.perform("rename", from, 0, 0, () => {
      const node = this.#disk.node(from);
      if (node === undefined) throw fileError("notFound", from, "there is no such file");
      this.#requireDirectory(parentDirectory(to), to);
      const assignments: [string, DiskNode | undefined][] = [
        [from, undefined],
        [to, node],
      ];
      if (node.kind === "directory") {
        if (this.#children(to).length > 0) throw fileError("exists", to, "the folder is not empty");
        for (const child of this.#children(from)) {
          assignments.push([child, undefined]);
          assignments.push([to + child.slice(from.length), this.#disk.node(child)]);
        }
      }
      this.#disk.change({ directory: parentDirectory(to), assignments });
    });
  }

  async remove(path: string): Promise<void> {
    await this.perform("remove", path, 0, 0, () => {
      if (this.#disk.node(path)?.kind !== "file") {
        throw fileError("notFound", path, "there is no such file");
      }
      this.#assign(path, undefined);
    });
  }

  async removeTree(path: string): Promise<void> {
    await this.perform("remove", path, 0, 0, () => {
      for (const child of this.#children(path).reverse()) this.#assign(child, undefined);
      if (this.#disk.node(path) !== undefined) this.#assign(path, undefined);
    });
  }

  async syncDirectory(folder: string): Promise<void> {
    const path = folder === "." ? "" : folder;
    await this.perform("syncDirectory", path, 0, 0, () => this.#requireDirectory(path, path));
    this.#disk.syncNames(path);
  }

  async lock(path: string): Promise<FileLock> {
    await this.perform("lock", path, 0, 0, () => {
      if (!this.#disk.takeLock(path)) throw fileError("locked", path, "another process holds it");
    });
    let held = true;
    return {
      release: async () => {
        if (held && !this.isDead) this.#disk.releaseLock(path);
        held = false;
      },
    };
  }

  async freeBytes(path: string): Promise<number> {
    await this.perform("list", path, 0, 0, () => undefined);
    return this.#disk.freeBytes;
  }

  /**
   * Runs one operation: asks the fault hook, does `effect` at once, and settles later. Between the two the machine may
   * lose power, so whatever must only count when the caller hears of it belongs after this call.
   * @internal
   */
  async perform(
    kind: FileOperationKind,
    path: string,
    position: number,
    bytes: number,
    effect: (fault: FileFault | undefined) => void,
  ): Promise<void> {
    if (this.isDead) await never();
    this.#operations += 1;
    const operation: FileOperation = { number: this.#operations, kind, path, position, bytes };
    this.#options.trace?.(operation);
    const fault = this.fault?.(operation);
    if (fault?.type === "hang") await fault.until;
    if (this.isDead) await never();
    if (fault?.type === "death") {
      this.#dead = true;
      if (fault.applied) runQuietly(() => effect(undefined));
      await never();
    }
    if (fault?.type === "error" && kind !== "sync" && kind !== "writeDurably") {
      await this.#options.latency?.(operation);
      throw fileError(fault.code, path, "injected fault");
    }
    if (fault?.type !== "lost" || kind === "write" || kind === "writeDurably") effect(fault);
    await (this.#options.latency?.(operation) ?? Promise.resolve());
    if (this.isDead) await never();
  }

  #assign(path: string, node: DiskNode | undefined): void {
    this.#disk.change({ directory: parentDirectory(path), assignments: [[path, node]] });
  }

  #children(path: string): string[] {
    return this.#disk.paths().filter((candidate) => candidate.startsWith(`${path}/`));
  }

  #requireDirectory(directory: string, path: string): void {
    if (directory === "" || directory === "/") return;
    if (this.#disk.node(directory)?.kind !== "directory") {
      throw fileError("notFound", path, "there is no such folder");
    }
  }
}

/** What a dead process's promises do. */
function never(): Promise<never> {
  return new Promise<never>(() => undefined);
}

/** The dying process does not hear of errors. */
function runQuietly(effect: () => void): void {
  try {
    effect();
  } catch {
    return;
  }
}

function ancestors(path: string): readonly string[] {
  const parts: string[] = [];
  for (let at = path; at !== "" && at !== "/"; at = parentDirectory(at)) parts.push(at);
  return parts.reverse();
}
