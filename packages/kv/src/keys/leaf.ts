import { NO_BYTES } from "../bytes/bytes.ts";
import { readVarint, type VarintCursor, varintBytes, writeVarint } from "../bytes/varint.ts";
import type { KeyEntry } from "./key-entry.ts";
import { commonPrefix, wordAt, wordIn } from "./prefix.ts";

/**
 * A leaf is cut in two beyond this size. About 90 keys of 30 bytes: small enough that moving slots is cheap, large
 * enough that the objects around it weigh little per key.
 */
export const LEAF_BYTES_MAX = 4096;
/** Buffers grow by this much; this much garbage is worth packing the entries anew. */
const LEAF_BYTES_STEP = 1024;
const LEAF_SLOTS_MIN = 8;
const LEAF_SLOTS_STEP = 32;

const DELETED = 1;
const HAS_SUB = 2;
const LEASED = 4;

const cursor: VarintCursor = { at: 0 };
/** Flags, four integers and a lease at their longest. */
const tail = new Uint8Array(1 + 4 * 8 + 8);

/**
 * Some keys that follow each other, packed into one buffer: entries in any order, and slots in key order, each with
 * the word of its key that searches compare first. An entry is
 * `keyLength key flags modRevision [modSub] [createRevision version] [lease]`.
 */
export class Leaf {
  bytes: Uint8Array = NO_BYTES;
  /** Pairs: the four bytes of the key after `#prefix`, and where the entry begins. */
  #slots: Uint32Array = new Uint32Array(2 * LEAF_SLOTS_MIN);
  count = 0;
  /** Keys that exist; the others are deleted and not yet compacted away. */
  live = 0;
  /** All keys that belong here are in `[#low, #high)`, so all of them share what the two have in common. */
  #low: Uint8Array | undefined;
  #high: Uint8Array | undefined;
  #prefix: number;
  /** Bytes from here on are free. */
  #used = 0;
  /** Bytes of entries that were replaced by longer ones or removed. */
  #garbage = 0;

  constructor(low: Uint8Array | undefined, high: Uint8Array | undefined) {
    this.#low = low;
    this.#high = high;
    this.#prefix = commonPrefix(low, high);
  }

  /** The slot of `key`, or `-1 - slot` of where it belongs. */
  search(key: Uint8Array): number {
    const slots = this.#slots;
    const word = wordAt(key, this.#prefix);
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((slots[2 * middle] as number) < word) low = middle + 1;
      else high = middle;
    }
    if (low === this.count || slots[2 * low] !== word) return -1 - low;
    high = this.#endOfEquals(low, word);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.compareAt(middle, key);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1 - low;
  }

  /**
   * The slot behind those with the same word as `low`. Mostly the next one; but the last leaf of all has no upper bound
   * that its keys could share a prefix with, and keys in ascending order all go there: in it every word may be the same.
   */
  #endOfEquals(low: number, word: number): number {
    const slots = this.#slots;
    let equal = low;
    let above = low + 1;
    for (let step = 1; above < this.count && slots[2 * above] === word; step *= 2) {
      equal = above;
      above = Math.min(above + step, this.count);
    }
    while (equal + 1 < above) {
      const middle = (equal + above) >>> 1;
      if (slots[2 * middle] === word) equal = middle;
      else above = middle;
    }
    return above;
  }

  /** Order of the key in `slot` relative to `key`. */
  compareAt(slot: number, key: Uint8Array): number {
    return this.compareWithin(slot, key, 0, key.length);
  }

  /** The same for a key that is part of other bytes. */
  compareWithin(slot: number, key: Uint8Array, start: number, end: number): number {
    const bytes = this.bytes;
    let at = this.#place(slot);
    let length = bytes[at++] as number;
    if (length >= 0x80) {
      cursor.at = at - 1;
      length = readVarint(bytes, cursor);
      at = cursor.at;
    }
    const keyLength = end - start;
    const shorter = length < keyLength ? length : keyLength;
    for (let i = 0; i < shorter; i++) {
      const difference = (bytes[at + i] as number) - (key[start + i] as number);
      if (difference !== 0) return difference;
    }
    return length - keyLength;
  }

  #place(slot: number): number {
    return this.#slots[2 * slot + 1] as number;
  }

  keyAt(slot: number): Uint8Array {
    cursor.at = this.#place(slot);
    const length = readVarint(this.bytes, cursor);
    return this.bytes.slice(cursor.at, cursor.at + length);
  }

  isDeletedAt(slot: number): boolean {
    cursor.at = this.#place(slot);
    const length = readVarint(this.bytes, cursor);
    return ((this.bytes[cursor.at + length] as number) & DELETED) !== 0;
  }

  read(slot: number, into: KeyEntry): void {
    const bytes = this.bytes;
    cursor.at = this.#place(slot);
    const length = readVarint(bytes, cursor);
    into.keyBytes = bytes;
    into.keyStart = cursor.at;
    into.keyEnd = cursor.at + length;
    const flags = bytes[cursor.at + length] as number;
    cursor.at += length + 1;
    into.deleted = (flags & DELETED) !== 0;
    into.modRevision = readVarint(bytes, cursor);
    into.modSub = (flags & HAS_SUB) !== 0 ? readVarint(bytes, cursor) : 0;
    if ((flags & DELETED) === 0) {
      into.createRevision = readVarint(bytes, cursor);
      into.version = readVarint(bytes, cursor);
    } else {
      into.createRevision = 0;
      into.version = 0;
    }
    if ((flags & LEASED) !== 0) {
      into.leaseHigh = readInt32(bytes, cursor.at);
      into.leaseLow = readInt32(bytes, cursor.at + 4);
    } else {
      into.leaseHigh = 0;
      into.leaseLow = 0;
    }
  }

  /** Replaces what is known about the key in `slot`. */
  update(slot: number, entry: KeyEntry): void {
    if (this.isDeletedAt(slot)) {
      if (!entry.deleted) this.live++;
    } else if (entry.deleted) this.live--;
    const start = this.#place(slot);
    cursor.at = start;
    const keyLength = readVarint(this.bytes, cursor);
    const tailStart = cursor.at + keyLength;
    const tailLength = encodeTail(entry);
    const end = this.#entryEnd(tailStart);
    if (end - tailStart === tailLength) {
      copyBytes(tail, 0, this.bytes, tailStart, tailLength);
      return;
    }
    const headLength = tailStart - start;
    this.#garbage += end - start;
    const place = this.#reserve(headLength + tailLength, slot);
    const from = this.#place(slot);
    copyBytes(this.bytes, from, this.bytes, place, headLength);
    copyBytes(tail, 0, this.bytes, place + headLength, tailLength);
    this.#slots[2 * slot + 1] = place;
  }

  /** The key is `bytes[start, end)`. */
  insert(slot: number, bytes: Uint8Array, start: number, end: number, entry: KeyEntry): void {
    const tailLength = encodeTail(entry);
    const keyLength = end - start;
    const head = varintBytes(keyLength);
    const place = this.#reserve(head + keyLength + tailLength, -1);
    writeVarint(this.bytes, place, keyLength);
    copyBytes(bytes, start, this.bytes, place + head, keyLength);
    copyBytes(tail, 0, this.bytes, place + head + keyLength, tailLength);
    this.#openSlot(slot, wordIn(bytes, start + this.#prefix, end), place);
    if (!entry.deleted) this.live++;
  }

  remove(slot: number): void {
    if (!this.isDeletedAt(slot)) this.live--;
    this.#garbage += this.#entryBytes(slot);
    this.#slots.copyWithin(2 * slot, 2 * slot + 2, 2 * this.count);
    this.count--;
  }

  /** Bytes that hold entries. */
  get liveBytes(): number {
    return this.#used - this.#garbage;
  }

  /** Bytes of a new entry. */
  static entryBytes(keyLength: number, entry: KeyEntry): number {
    return varintBytes(keyLength) + keyLength + encodeTail(entry);
  }

  /** Leaves the keys from `low` on, of which there are none yet, to a new leaf. */
  openRight(low: Uint8Array): Leaf {
    const right = new Leaf(low, this.#high);
    // The last leaf of all is where keys in ascending order go: it will be full, and need not grow step by step.
    if (this.#high === undefined) right.bytes = new Uint8Array(LEAF_BYTES_MAX);
    this.#cover(this.#low, low);
    return right;
  }

  /** Moves the entries from `slot` on into a new leaf. */
  splitAt(slot: number): { readonly separator: Uint8Array; readonly right: Leaf } {
    const separator = this.keyAt(slot);
    const right = new Leaf(separator, this.#high);
    right.#take(this, slot, this.count);
    this.count = slot;
    this.live -= right.live;
    this.#cover(this.#low, separator);
    this.#repack(0);
    return { separator, right };
  }

  /** Takes over all entries of the leaf to the right, and its part of the key space. */
  absorbRight(right: Leaf): void {
    this.#cover(this.#low, right.#high);
    this.#take(right, 0, right.count);
  }

  /** Takes over the key space of an empty leaf to the left. */
  coverLeft(left: Leaf): void {
    this.#cover(left.#low, this.#high);
  }

  /** The slot that divides the bytes about evenly, at least 1 and below `count`. */
  middle(): number {
    const half = this.liveBytes / 2;
    let sum = 0;
    for (let slot = 0; slot < this.count - 1; slot++) {
      sum += this.#entryBytes(slot);
      if (sum >= half) return slot + 1;
    }
    return this.count - 1;
  }

  #cover(low: Uint8Array | undefined, high: Uint8Array | undefined): void {
    this.#low = low;
    this.#high = high;
    const prefix = commonPrefix(low, high);
    if (prefix === this.#prefix) return;
    this.#prefix = prefix;
    for (let slot = 0; slot < this.count; slot++) this.#slots[2 * slot] = this.#wordOf(slot);
  }

  /** The word of the entry in `slot`; bytes beyond the key count as 0. */
  #wordOf(slot: number): number {
    cursor.at = this.#place(slot);
    const length = readVarint(this.bytes, cursor);
    return wordIn(this.bytes, cursor.at + this.#prefix, cursor.at + length);
  }

  #take(from: Leaf, first: number, end: number): void {
    let total = 0;
    for (let slot = first; slot < end; slot++) total += from.#entryBytes(slot);
    let place = this.#reserve(total, -1);
    for (let slot = first; slot < end; slot++) {
      const length = from.#entryBytes(slot);
      copyBytes(from.bytes, from.#place(slot), this.bytes, place, length);
      this.#openSlot(this.count, 0, place);
      this.#slots[2 * this.count - 2] = this.#wordOf(this.count - 1);
      place += length;
      if (!from.isDeletedAt(slot)) this.live++;
    }
  }

  #openSlot(slot: number, word: number, place: number): void {
    if (2 * this.count === this.#slots.length) {
      const grown = new Uint32Array(2 * (this.count + LEAF_SLOTS_STEP));
      grown.set(this.#slots);
      this.#slots = grown;
    }
    const slots = this.#slots;
    // A few dozen words: a loop is faster here than a native call.
    for (let i = 2 * this.count - 1; i >= 2 * slot; i--) slots[i + 2] = slots[i] as number;
    slots[2 * slot] = word;
    slots[2 * slot + 1] = place;
    this.count++;
  }

  #entryBytes(slot: number): number {
    const start = this.#place(slot);
    cursor.at = start;
    const length = readVarint(this.bytes, cursor);
    return this.#entryEnd(cursor.at + length) - start;
  }

  #entryEnd(tailStart: number): number {
    const bytes = this.bytes;
    const flags = bytes[tailStart] as number;
    let integers = (flags & DELETED) !== 0 ? 1 : 3;
    if ((flags & HAS_SUB) !== 0) integers++;
    let at = tailStart + 1;
    while (integers > 0) {
      while ((bytes[at] as number) >= 0x80) at++;
      at++;
      integers--;
    }
    return (flags & LEASED) !== 0 ? at + 8 : at;
  }

  /** Room for `length` bytes at the end. The entry in `keep` counts as garbage already, but must survive repacking. */
  #reserve(length: number, keep: number): number {
    if (this.#used + length > this.bytes.length) {
      if (this.#garbage < LEAF_BYTES_STEP) this.#grow(length);
      else {
        this.#repack(length);
        if (keep >= 0) this.#garbage = this.#entryBytes(keep);
      }
    }
    const place = this.#used;
    this.#used += length;
    return place;
  }

  #grow(length: number): void {
    const grown = new Uint8Array(roundUp(this.#used + length));
    grown.set(this.bytes.subarray(0, this.#used));
    this.bytes = grown;
  }

  /** Copies the entries together, in key order, with room for `length` more bytes. */
  #repack(length: number): void {
    let needed = length;
    for (let slot = 0; slot < this.count; slot++) needed += this.#entryBytes(slot);
    const packed = new Uint8Array(roundUp(needed));
    let place = 0;
    for (let slot = 0; slot < this.count; slot++) {
      const start = this.#place(slot);
      const bytes = this.#entryBytes(slot);
      copyBytes(this.bytes, start, packed, place, bytes);
      this.#slots[2 * slot + 1] = place;
      place += bytes;
    }
    this.bytes = packed;
    this.#used = place;
    this.#garbage = 0;
  }
}

/** Room for a few more entries than asked for: little waste in ten million keys, and few copies. */
function roundUp(bytes: number): number {
  return Math.ceil((bytes + LEAF_BYTES_STEP / 2) / LEAF_BYTES_STEP) * LEAF_BYTES_STEP;
}

/** Writes everything after the key into `tail`; returns its length. */
function encodeTail(entry: KeyEntry): number {
  let flags = entry.deleted ? DELETED : 0;
  if (entry.modSub !== 0) flags |= HAS_SUB;
  if (entry.leased) flags |= LEASED;
  tail[0] = flags;
  let at = writeVarint(tail, 1, entry.modRevision);
  if (entry.modSub !== 0) at = writeVarint(tail, at, entry.modSub);
  if (!entry.deleted) {
    at = writeVarint(tail, at, entry.createRevision);
    at = writeVarint(tail, at, entry.version);
  }
  if (entry.leased) {
    at = writeInt32(tail, at, entry.leaseHigh);
    at = writeInt32(tail, at, entry.leaseLow);
  }
  return at;
}

function writeInt32(into: Uint8Array, at: number, value: number): number {
  into[at] = value >>> 24;
  into[at + 1] = value >>> 16;
  into[at + 2] = value >>> 8;
  into[at + 3] = value;
  return at + 4;
}

function readInt32(from: Uint8Array, at: number): number {
  return (
    ((from[at] as number) << 24) |
    ((from[at + 1] as number) << 16) |
    ((from[at + 2] as number) << 8) |
    (from[at + 3] as number)
  );
}

/** Entries are short: a loop is faster here than a view and a native call. */
function copyBytes(
  from: Uint8Array,
  fromStart: number,
  to: Uint8Array,
  toStart: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) to[toStart + i] = from[fromStart + i] as number;
}
