import type { SeededRandom } from "./seeded-random.ts";

/** Decides what survives a power loss: a seeded generator, or somebody who goes through all that may. */
export type CrashChoices = Pick<SeededRandom, "chance" | "integer">;

/** The unit a disk writes whole: smaller pieces are never torn. */
export const SECTOR_BYTES = 512;

/** Versions of one sector that a later power loss may leave behind. */
export interface PendingSectors {
  readonly sectors: ReadonlyMap<number, number>;
  readonly sizes: number;
}

/**
 * The bytes of one file as the running system sees them, and as the disk will give them back after power loss.
 * Between the two stand the versions of each sector that were written and not made durable: after a crash any one of
 * them, or the durable one, may be there, each sector on its own.
 */
export class MemoryFileContent {
  #bytes: Uint8Array = new Uint8Array(0);
  #size = 0;
  #durable: Uint8Array = new Uint8Array(0);
  #durableSize = 0;
  readonly #pending: Map<number, Uint8Array[]> = new Map();
  #pendingSizes: number[] = [];

  get size(): number {
    return this.#size;
  }

  get hasPending(): boolean {
    return this.#pending.size > 0 || this.#pendingSizes.length > 0;
  }

  /** A copy of what the running system sees. */
  snapshot(): Uint8Array {
    return this.#bytes.slice(0, this.#size);
  }

  read(position: number, into: Uint8Array): number {
    const count = Math.max(0, Math.min(into.length, this.#size - position));
    if (count > 0) into.set(this.#bytes.subarray(position, position + count));
    return count;
  }

  write(position: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const end = position + bytes.length;
    if (end > this.#size) this.#resize(end);
    this.#bytes.set(bytes, position);
    const last = Math.floor((end - 1) / SECTOR_BYTES);
    for (let sector = Math.floor(position / SECTOR_BYTES); sector <= last; sector += 1) {
      this.#addVersion(sector);
    }
  }

  truncate(size: number): void {
    if (size < this.#size) {
      this.#bytes.fill(0, size, this.#size);
      for (const sector of this.#pending.keys()) {
        if (sector * SECTOR_BYTES >= size) this.#pending.delete(sector);
      }
      if (size % SECTOR_BYTES !== 0) this.#addVersion(Math.floor(size / SECTOR_BYTES));
    }
    this.#resize(size);
  }

  /** Everything that is not durable at this moment; what is written later is not part of it. */
  pending(): PendingSectors {
    const sectors = new Map<number, number>();
    for (const [sector, versions] of this.#pending) sectors.set(sector, versions.length);
    return { sectors, sizes: this.#pendingSizes.length };
  }

  /** The same for the sectors that hold bytes [from, to), as far as they were written. */
  pendingRange(from: number, to: number): PendingSectors {
    const sectors = new Map<number, number>();
    const last = Math.floor((to - 1) / SECTOR_BYTES);
    for (let sector = Math.floor(from / SECTOR_BYTES); sector <= last; sector += 1) {
      const versions = this.#pending.get(sector);
      if (versions !== undefined) sectors.set(sector, versions.length);
    }
    return { sectors, sizes: this.#pendingSizes.length };
  }

  makeDurable(pending: PendingSectors): void {
    if (pending.sizes > 0) this.#applySizes(this.#pendingSizes.splice(0, pending.sizes));
    for (const [sector, count] of pending.sectors) {
      const versions = this.#pending.get(sector);
      const version = versions?.[Math.min(count, versions.length) - 1];
      if (versions === undefined || version === undefined) continue;
      this.#storeDurable(sector, version);
      versions.splice(0, count);
      if (versions.length === 0) this.#pending.delete(sector);
    }
  }

  /** What a failed sync leaves: `drop` goes back to the durable bytes, `clean` only forgets that anything is missing. */
  losePending(how: "drop" | "clean"): void {
    if (how === "drop") {
      for (const sector of this.#pending.keys()) {
        const from = sector * SECTOR_BYTES;
        const room = Math.max(0, Math.min(SECTOR_BYTES, this.#bytes.length - from));
        const old = this.#durable.slice(from, from + room);
        this.#bytes.fill(0, from, from + room);
        this.#bytes.set(old, from);
      }
    }
    this.#pending.clear();
    this.#pendingSizes = [];
  }

  /** Power loss: of everything pending a random part stays. */
  crash(random: CrashChoices): void {
    this.#applySizes(this.#pendingSizes.slice(0, random.integer(this.#pendingSizes.length + 1)));
    for (const [sector, versions] of this.#pending) {
      const chosen = random.integer(versions.length + 1);
      const version = versions[chosen - 1];
      if (version !== undefined) this.#storeDurable(sector, version);
    }
    this.#pending.clear();
    this.#pendingSizes = [];
    this.replace(padded(this.#durable, this.#durableSize));
  }

  /** An independent copy, with everything that is pending. */
  fork(): MemoryFileContent {
    const copy = new MemoryFileContent();
    copy.#bytes = this.#bytes.slice();
    copy.#size = this.#size;
    copy.#durable = this.#durable.slice();
    copy.#durableSize = this.#durableSize;
    for (const [sector, versions] of this.#pending) copy.#pending.set(sector, [...versions]);
    copy.#pendingSizes = [...this.#pendingSizes];
    return copy;
  }

  /** Sets the content, durable at once: for damage done from outside. */
  replace(bytes: Uint8Array): void {
    this.#bytes = bytes.slice();
    this.#size = bytes.length;
    this.#durable = bytes.slice();
    this.#durableSize = bytes.length;
    this.#pending.clear();
    this.#pendingSizes = [];
  }

  #resize(size: number): void {
    if (size > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(size, this.#bytes.length * 2, SECTOR_BYTES));
      grown.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = grown;
    }
    this.#size = size;
    this.#pendingSizes.push(size);
  }

  #addVersion(sector: number): void {
    const versions = this.#pending.get(sector);
    const version = this.#bytes.slice(sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES);
    if (versions === undefined) this.#pending.set(sector, [version]);
    else versions.push(version);
  }

  /** Bytes behind the smallest size are gone even if the file grew again. */
  #applySizes(sizes: readonly number[]): void {
    for (const size of sizes) {
      if (size < this.#durableSize) this.#durable.fill(0, size);
      this.#durableSize = size;
    }
  }

  #storeDurable(sector: number, version: Uint8Array): void {
    const from = sector * SECTOR_BYTES;
    const end = from + version.length;
    if (end > this.#durable.length) {
      const grown = new Uint8Array(Math.max(end, this.#durable.length * 2));
      grown.set(this.#durable);
      this.#durable = grown;
    }
    this.#durable.set(version, from);
  }
}

function padded(bytes: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(size);
  result.set(bytes.subarray(0, size));
  return result;
}
