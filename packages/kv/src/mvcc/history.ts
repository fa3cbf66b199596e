import type { Revision } from "../key-value.ts";
import type { OrderedStore, StoreBatch } from "../store/ordered-store.ts";
import {
  BLOCK_BYTES,
  type BlockName,
  frameLength,
  readBlockRow,
  visitBlock,
  withoutRows,
  writeFrameHead,
} from "./block.ts";
import {
  BlockDirectory,
  type BlockEntry,
  newBlockEntry,
  type ResidentBlock,
} from "./block-directory.ts";
import { HistoryView, type PinnedBlock, scanRows } from "./history-view.ts";
import {
  blockKey,
  FIRST_BLOCK_KEY,
  ROWS_END,
  revisionOfBlockKey,
  subOfBlockKey,
} from "./keyspace.ts";
import { encodeRow, type RowFields, RowReader, recordLength } from "./row.ts";

/** New blocks are cut from slabs of this many, so that allocating them costs little. */
const BLOCKS_PER_SLAB = 64;

/** A block is written anew without its dead rows when they are at least this part of it. */
const DEAD_PART = 1 / 4;

/** A block that will be written anew, or deleted, counts this much besides its bytes. */
const REWRITE_OVERHEAD_BYTES = 64;

/**
 * Every change since the last compaction, in order, packed into blocks. The newest blocks are in memory until a flush
 * has written them; reads do not notice where a row is.
 */
export class History {
  readonly #store: OrderedStore;
  readonly #directory: BlockDirectory = new BlockDirectory();
  /** Blocks that the store does not have, or not completely, oldest first. The last one takes new rows. */
  #resident: BlockEntry[] = [];
  #tail: BlockEntry | undefined;
  #slab: Uint8Array = new Uint8Array(0);
  #slabUsed = 0;
  readonly #row: RowReader = new RowReader();
  /** Blocks with enough dead rows to be worth writing anew. */
  readonly #dirty: Set<BlockEntry> = new Set();
  /** Blocks to be written anew even though few of their rows are dead, because others wait for it. */
  readonly #forced: Set<BlockEntry> = new Set();
  /** Blocks that cannot be cleaned before the running flush is done. */
  readonly #waiting: Set<BlockEntry> = new Set();
  /** New contents of blocks, until a flush takes them; nothing for a block that is empty now. */
  #rewritten: Map<BlockEntry, Uint8Array | undefined> = new Map();
  /** Blocks whose new contents are on their way into the store. */
  readonly #writing: Set<BlockEntry> = new Set();
  #unflushedBytes = 0;
  /** The part of them that a flush has taken. */
  #sealedBytes = 0;
  /** Where the last appended record stands. */
  lastBytes: Uint8Array = this.#slab;
  lastStart = 0;
  lastEnd = 0;

  constructor(store: OrderedStore) {
    this.#store = store;
  }

  /** Changed and not yet known to be durable. */
  get unflushedBytes(): number {
    return this.#unflushedBytes;
  }

  append(fields: RowFields): void {
    const length = recordLength(fields);
    const { resident, recordStart } = this.#openFrame(fields, length);
    encodeRow(fields, resident.bytes, recordStart);
    this.#closeFrame(resident, recordStart, length);
  }

  /** Appends a row that is encoded already. */
  appendRecord(place: BlockName, record: Uint8Array): void {
    const { resident, recordStart } = this.#openFrame(place, record.length);
    resident.bytes.set(record, recordStart);
    this.#closeFrame(resident, recordStart, record.length);
  }

  #openFrame(
    row: BlockName,
    recordBytes: number,
  ): { readonly resident: ResidentBlock; readonly recordStart: number } {
    let tail = this.#tail;
    let resident = tail?.resident;
    if (tail === undefined || resident === undefined) {
      tail = this.#newBlock(row, recordBytes);
      resident = tail.resident as ResidentBlock;
    } else {
      const needed = frameLength(tail, row.revision, row.sub, recordBytes);
      if (resident.used + needed > resident.bytes.length) {
        tail = this.#newBlock(row, recordBytes);
        resident = tail.resident as ResidentBlock;
      }
    }
    tail.rows++;
    const recordStart = writeFrameHead(resident.bytes, resident.used, tail, row, recordBytes);
    return { resident, recordStart };
  }

  #closeFrame(resident: ResidentBlock, recordStart: number, recordBytes: number): void {
    const end = recordStart + recordBytes;
    this.#unflushedBytes += end - resident.used;
    resident.used = end;
    this.lastBytes = resident.bytes;
    this.lastStart = recordStart;
    this.lastEnd = end;
  }

  #newBlock(row: BlockName, recordBytes: number): BlockEntry {
    const entry = newBlockEntry(row.revision, row.sub);
    const needed = frameLength(entry, row.revision, row.sub, recordBytes);
    entry.resident = { bytes: this.#allocate(needed), used: 0, sealed: 0, stored: 0 };
    this.#directory.push(entry);
    this.#resident.push(entry);
    this.#tail = entry;
    return entry;
  }

  #allocate(needed: number): Uint8Array {
    // A long row has a block to itself, and a buffer that keeps no neighbours in memory.
    if (needed > BLOCK_BYTES) return new Uint8Array(needed);
    if (this.#slabUsed + BLOCK_BYTES > this.#slab.length) {
      this.#slab = new Uint8Array(BLOCKS_PER_SLAB * BLOCK_BYTES);
      this.#slabUsed = 0;
    }
    const bytes = this.#slab.subarray(this.#slabUsed, this.#slabUsed + BLOCK_BYTES);
    this.#slabUsed += BLOCK_BYTES;
    return bytes;
  }

  /** Fills `into` with a row; false if it is gone. */
  read(revision: Revision, sub: number, into: RowReader): boolean {
    const entry = this.#directory.find(revision, sub);
    if (entry === undefined || entry.rows === 0) return false;
    const { resident } = entry;
    if (resident !== undefined) {
      return readBlockRow(resident.bytes, resident.used, entry, revision, sub, into);
    }
    const bytes = this.#store.borrow(blockKey(entry.revision, entry.sub));
    if (bytes === undefined) return false;
    if (!readBlockRow(bytes, bytes.length, entry, revision, sub, into)) return false;
    // The store lends its bytes until the next read only.
    const record = bytes.slice(into.start, into.end);
    into.parse(record, 0, record.length, revision, sub);
    return true;
  }

  /** Visits the rows from `from` on, up to and including all of revision `last`, until `visit` returns false. */
  scan(from: BlockName, last: Revision, row: RowReader, visit: () => boolean): void {
    scanRows(this.#store, this.#residents(), from, last, row, visit);
  }

  /** Visits the rows from `revision` on, which the last transactions made and no flush has taken yet. */
  scanNewest(revision: Revision, row: RowReader, visit: () => void): void {
    const from = { revision, sub: 0 };
    const first = this.#directory.find(revision, 0);
    let place = this.#resident.length - 1;
    while (place > 0 && this.#resident[place] !== first) place--;
    for (; place < this.#resident.length; place++) {
      const entry = this.#resident[place] as BlockEntry;
      const resident = entry.resident as ResidentBlock;
      visitBlock(resident.bytes, resident.used, entry, from, row, () => {
        visit();
        return true;
      });
    }
  }

  /** Nobody can ask for this row any more. */
  delete(revision: Revision, sub: number): void {
    const entry = this.#directory.find(revision, sub);
    if (entry === undefined || entry.rows === 0) return;
    for (let i = 0; i < entry.dead.length; i += 2) {
      if (entry.dead[i] === revision && entry.dead[i + 1] === sub) return;
    }
    if (entry.dead.length === 0) entry.dead = [revision, sub];
    else entry.dead.push(revision, sub);
    if (isWorthCleaning(entry)) this.#dirty.add(entry);
  }

  /** Rids up to `max` blocks of their dead rows; true if there are more to do. The next flush writes the result. */
  cleanBlocks(max: number): boolean {
    let left = max;
    for (const entry of this.#dirty) {
      if (!this.#isCleanable(entry)) continue;
      if (left-- === 0) return true;
      this.#dirty.delete(entry);
      if (this.#forced.delete(entry) || isWorthCleaning(entry)) this.#clean(entry);
    }
    return false;
  }

  /** The newest blocks, and those that were just written anew, have to wait until the store has them. */
  #isCleanable(entry: BlockEntry): boolean {
    return entry.resident === undefined && !this.#writing.has(entry);
  }

  /**
   * Of the changes of a key the oldest go first, never one before another that came before it. What is left of a key
   * therefore always ends with its newest change; were a deletion gone before the put it undid, that put would be
   * the newest one after a restart, and the key would be back.
   */
  #clean(entry: BlockEntry): void {
    const bytes =
      this.#rewritten.get(entry) ?? this.#store.get(blockKey(entry.revision, entry.sub));
    if (bytes === undefined) return;
    const blockers = new Set<BlockEntry>();
    /** Dead rows that must stay for now. Rows that are listed and not there at all drop out of the list. */
    const staying: number[] = [];
    const row = this.#row;
    const left = withoutRows(bytes, entry, row, () => {
      if (!isListed(entry.dead, row.revision, row.sub)) return false;
      const blocker = this.#blockerOf(row);
      if (blocker === undefined) return true;
      if (blocker === entry && !isListed(staying, row.previousRevision, row.previousSub))
        return true;
      if (blocker !== entry) blockers.add(blocker);
      staying.push(row.revision, row.sub);
      return false;
    });
    entry.rows = left.kept;
    entry.dead = staying;
    if (left.removed > 0) this.#replaceBlock(entry, left.kept === 0 ? undefined : left.bytes);
    if (blockers.size > 0) this.#cleanAfter(entry, blockers);
  }

  /** The block with the change before this one, if that is dead as well and still there. */
  #blockerOf(row: RowReader): BlockEntry | undefined {
    if (row.previousRevision === 0) return undefined;
    const blocker = this.#directory.find(row.previousRevision, row.previousSub);
    if (blocker === undefined) return undefined;
    return isListed(blocker.dead, row.previousRevision, row.previousSub) ? blocker : undefined;
  }

  #cleanAfter(entry: BlockEntry, blockers: ReadonlySet<BlockEntry>): void {
    let cleanable = true;
    for (const blocker of blockers) {
      this.#forced.add(blocker);
      // One that waits for another itself would be asked again and again, and so would this one, until the store is written.
      if (this.#waiting.has(blocker)) cleanable = false;
      else {
        this.#dirty.add(blocker);
        if (!this.#isCleanable(blocker)) cleanable = false;
      }
    }
    this.#forced.add(entry);
    if (cleanable) this.#dirty.add(entry);
    else this.#waiting.add(entry);
  }

  #replaceBlock(entry: BlockEntry, bytes: Uint8Array | undefined): void {
    if (!this.#rewritten.has(entry)) this.#unflushedBytes += REWRITE_OVERHEAD_BYTES;
    this.#rewritten.set(entry, bytes);
    this.#unflushedBytes += bytes?.length ?? 0;
    if (bytes === undefined) this.#directory.drop(entry);
  }

  /** Pins the rows of this moment. */
  pin(): HistoryView {
    return new HistoryView(this.#store.pin(), this.#residents());
  }

  /** Takes the changes that are not written yet; later ones go into the next flush. */
  seal(): SealedHistory {
    const blocks: SealedBlock[] = [];
    for (const entry of this.#resident) {
      const resident = entry.resident as ResidentBlock;
      if (resident.used === resident.sealed) continue;
      // The tail goes on growing, but what is below its end never changes.
      blocks.push({ entry, resident, used: resident.used });
      resident.sealed = resident.used;
    }
    const rewritten = this.#rewritten;
    this.#rewritten = new Map();
    for (const entry of rewritten.keys()) this.#writing.add(entry);
    const bytes = this.#unflushedBytes - this.#sealedBytes;
    this.#sealedBytes += bytes;
    return {
      write: (batch) => writeSealed(batch, blocks, rewritten),
      written: () => {
        this.#sealedBytes -= bytes;
        this.#unflushedBytes -= bytes;
        for (const entry of rewritten.keys()) this.#writing.delete(entry);
        for (const { resident, used } of blocks) resident.stored = used;
        this.#release();
        for (const entry of this.#waiting) this.#dirty.add(entry);
        this.#waiting.clear();
      },
    };
  }

  /** Frees the blocks that the store has completely and that take no more rows. */
  #release(): void {
    const left: BlockEntry[] = [];
    for (const entry of this.#resident) {
      const resident = entry.resident as ResidentBlock;
      if (entry !== this.#tail && resident.stored === resident.used) entry.resident = undefined;
      else left.push(entry);
    }
    this.#resident = left;
  }

  /** Takes over the blocks that the store holds. Visits every row; a row may be declared dead meanwhile. */
  async load(row: RowReader, visit: () => void, pause: () => Promise<void>): Promise<void> {
    let from: Uint8Array = FIRST_BLOCK_KEY;
    for (let more = true; more; ) {
      more = false;
      let left = BLOCKS_PER_TURN;
      const take = (key: Uint8Array, bytes: Uint8Array): boolean => {
        if (left-- === 0) {
          from = key;
          more = true;
          return false;
        }
        const entry = newBlockEntry(revisionOfBlockKey(key), subOfBlockKey(key));
        this.#directory.push(entry);
        visitBlock(bytes, bytes.length, entry, entry, row, () => {
          entry.rows++;
          visit();
          return true;
        });
        return true;
      };
      this.#store.range(from, ROWS_END, take, { lends: true });
      if (more) await pause();
    }
  }

  #residents(): PinnedBlock[] {
    return this.#resident.map((entry) => {
      const { bytes, used } = entry.resident as ResidentBlock;
      return { revision: entry.revision, sub: entry.sub, bytes, used };
    });
  }
}

/** Blocks that are loaded in one go; then other work has its turn. About ten milliseconds. */
const BLOCKS_PER_TURN = 500;

/** A block that takes part in a flush, as far as it had grown. */
interface SealedBlock {
  readonly entry: BlockEntry;
  readonly resident: ResidentBlock;
  readonly used: number;
}

function writeSealed(
  batch: StoreBatch,
  blocks: readonly SealedBlock[],
  rewritten: ReadonlyMap<BlockEntry, Uint8Array | undefined>,
): void {
  for (const { entry, resident, used } of blocks) {
    batch.put(blockKey(entry.revision, entry.sub), resident.bytes.subarray(0, used));
  }
  for (const [entry, bytes] of rewritten) {
    const key = blockKey(entry.revision, entry.sub);
    if (bytes === undefined) batch.delete(key);
    else batch.put(key, bytes);
  }
}

/** Changes on their way into the store. */
export interface SealedHistory {
  write(batch: StoreBatch): void;
  /** The store has them: memory need not keep them. */
  written(): void;
}

function isWorthCleaning(entry: BlockEntry): boolean {
  return entry.dead.length / 2 >= entry.rows * DEAD_PART;
}

function isListed(dead: readonly number[], revision: Revision, sub: number): boolean {
  for (let i = 0; i < dead.length; i += 2) {
    if (dead[i] === revision && dead[i + 1] === sub) return true;
  }
  return false;
}
