import { parentDirectory } from "./durable-directory.ts";
import { type CrashChoices, MemoryFileContent } from "./memory-file-content.ts";
import { SeededRandom } from "./seeded-random.ts";

/** A name on the disk: a file or a folder. */
export type DiskNode =
  | { readonly kind: "file"; readonly content: MemoryFileContent }
  | { readonly kind: "directory" };

/** One change of names that power loss may undo as a whole until its folder is synced. */
export interface NameChange {
  readonly directory: string;
  readonly assignments: readonly (readonly [path: string, node: DiskNode | undefined])[];
}

/**
 * One machine's disk in memory, used through `MemoryFiles`. `crash` is power loss, `kill` the end of the process alone: both
 * leave every `MemoryFiles` over it dead (its operations never settle) and the disk ready for the next one.
 */
export class MemoryDisk {
  /** Sectors in use are limited to this many bytes; beyond, writes fail with `noSpace`. */
  capacityBytes: number = Number.POSITIVE_INFINITY;
  #names: Map<string, DiskNode> = new Map();
  #durableNames: Map<string, DiskNode> = new Map();
  #pendingNames: NameChange[] = [];
  readonly #locks: Set<string> = new Set();
  #generation = 0;

  /** Power loss: unsynced sectors and unsynced names stay or go, each by the throw of `random`. */
  crash(random: CrashChoices = new SeededRandom(0)): void {
    this.#generation += 1;
    this.#locks.clear();
    const contents = this.#allContents();
    for (const change of this.#pendingNames) {
      if (random.chance(0.5)) assign(this.#durableNames, change);
    }
    this.#pendingNames = [];
    for (const content of contents) content.crash(random);
    dropOrphans(this.#durableNames);
    this.#names = new Map(this.#durableNames);
  }

  /** The process dies and the machine goes on: what was written stays readable, and stays not durable. */
  kill(): void {
    this.#generation += 1;
    this.#locks.clear();
  }

  /** Counts crashes and kills; a mount of an older generation is dead. */
  get generation(): number {
    return this.#generation;
  }

  get usedBytes(): number {
    let bytes = 0;
    for (const node of this.#names.values()) if (node.kind === "file") bytes += node.content.size;
    return bytes;
  }

  get freeBytes(): number {
    if (this.capacityBytes === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.capacityBytes - this.usedBytes);
  }

  /** Files and folders, sorted by path. */
  paths(): readonly string[] {
    return [...this.#names.keys()].sort();
  }

  /** A copy of a file's bytes, undefined when there is none. */
  bytes(path: string): Uint8Array | undefined {
    const node = this.#names.get(path);
    return node?.kind === "file" ? node.content.snapshot() : undefined;
  }

  /** Puts a file there from outside, durable at once. */
  put(path: string, bytes: Uint8Array): void {
    const content = new MemoryFileContent();
    content.replace(bytes);
    const node: DiskNode = { kind: "file", content };
    this.#names.set(path, node);
    this.#durableNames.set(path, node);
  }

  /** Takes a file away from outside, durable at once. */
  take(path: string): void {
    this.#names.delete(path);
    this.#durableNames.delete(path);
  }

  /** An independent copy with everything that is pending, so that one moment can be lost in several ways. */
  fork(): MemoryDisk {
    const disk = new MemoryDisk();
    disk.capacityBytes = this.capacityBytes;
    const copies = new Map<MemoryFileContent, MemoryFileContent>();
    const copyOf = (node: DiskNode): DiskNode => {
      if (node.kind === "directory") return node;
      const content = copies.get(node.content) ?? node.content.fork();
      copies.set(node.content, content);
      return { kind: "file", content };
    };
    for (const [path, node] of this.#names) disk.#names.set(path, copyOf(node));
    for (const [path, node] of this.#durableNames) disk.#durableNames.set(path, copyOf(node));
    disk.#pendingNames = this.#pendingNames.map(({ directory, assignments }) => ({
      directory,
      assignments: assignments.map(([path, node]) => [path, node && copyOf(node)]),
    }));
    return disk;
  }

  node(path: string): DiskNode | undefined {
    return this.#names.get(path);
  }

  change(change: NameChange): void {
    assign(this.#names, change);
    this.#pendingNames.push(change);
  }

  /** Makes the changes of names in `directory` durable, in their order. */
  syncNames(directory: string): void {
    const rest: NameChange[] = [];
    for (const change of this.#pendingNames) {
      if (change.directory === directory) assign(this.#durableNames, change);
      else rest.push(change);
    }
    this.#pendingNames = rest;
  }

  /** False when somebody holds it. */
  takeLock(path: string): boolean {
    if (this.#locks.has(path)) return false;
    this.#locks.add(path);
    return true;
  }

  releaseLock(path: string): void {
    this.#locks.delete(path);
  }

  #allContents(): Set<MemoryFileContent> {
    const contents = new Set<MemoryFileContent>();
    const collect = (node: DiskNode | undefined): void => {
      if (node?.kind === "file") contents.add(node.content);
    };
    for (const node of this.#names.values()) collect(node);
    for (const node of this.#durableNames.values()) collect(node);
    for (const change of this.#pendingNames) {
      for (const [, node] of change.assignments) collect(node);
    }
    return contents;
  }
}

function assign(names: Map<string, DiskNode>, change: NameChange): void {
  for (const [path, node] of change.assignments) {
    if (node === undefined) names.delete(path);
    else names.set(path, node);
  }
}

/** A file whose folder did not survive is gone with it. */
function dropOrphans(names: Map<string, DiskNode>): void {
  for (const path of [...names.keys()].sort()) {
    const parent = parentDirectory(path);
    if (parent !== "" && parent !== "/" && names.get(parent)?.kind !== "directory") {
      names.delete(path);
    }
  }
}
