import { ByteReader, MalformedBytesError } from "../bytes/byte-reader.ts";
import { equalBytes, NO_BYTES } from "../bytes/bytes.ts";
import type { Revision } from "../key-value.ts";
import { readStateMeta, type StateMeta } from "../machine/meta.ts";
import {
  SNAPSHOT_END,
  SNAPSHOT_MAGIC,
  SNAPSHOT_META,
  SNAPSHOT_PAIR,
  SNAPSHOT_ROW,
} from "./snapshot-writer.ts";

export type SnapshotRecord =
  | { readonly type: "meta"; readonly meta: StateMeta }
  | { readonly type: "pair"; readonly key: Uint8Array; readonly value: Uint8Array }
  | {
      readonly type: "row";
      readonly revision: Revision;
      readonly sub: number;
      readonly record: Uint8Array;
    };

/** A row is a key with its value, the member's users one record: no configuration makes any of them this large. */
const RECORD_BYTES_MAX = 256 * 1024 * 1024;

/**
 * Cuts a stream of chunks into records, wherever the chunks end. Throws `MalformedBytesError` for a stream that is
 * not a whole snapshot. Records are views of the chunks.
 */
export class SnapshotReader {
  /** The part of a record that is there, in chunks as they came. */
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** Looking again is worth while from so many bytes on. */
  #neededBytes = 0;
  #begun = false;
  #ended = false;
  #rows = 0;

  /** The records that are complete with this chunk. */
  *read(chunk: Uint8Array): Generator<SnapshotRecord> {
    if (this.#ended) throw new MalformedBytesError("Something follows the end of the snapshot.");
    this.#hold(chunk);
    if (this.#pendingBytes < this.#neededBytes) return;
    const bytes = joined(this.#pending, this.#pendingBytes);
    let at = this.#begun ? 0 : this.#readMagic(bytes);
    this.#neededBytes = 0;
    while (this.#begun && at < bytes.length) {
      const end = recordEnd(bytes, at);
      if (end > bytes.length) {
        if (end - at > RECORD_BYTES_MAX) {
          throw new MalformedBytesError("The snapshot has a record that is too long.");
        }
        this.#neededBytes = end - at;
        break;
      }
      const record = this.#record(new ByteReader(bytes.subarray(at, end)));
      at = end;
      if (record !== undefined) yield record;
      else if (at < bytes.length) {
        throw new MalformedBytesError("Something follows the end of the snapshot.");
      }
    }
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#hold(bytes.subarray(at));
  }

  #hold(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#pending.push(part);
    this.#pendingBytes += part.length;
  }

  /** Throws unless the stream was complete. */
  end(): void {
    if (!this.#ended) throw new MalformedBytesError("The snapshot ends too early.");
  }

  #readMagic(bytes: Uint8Array): number {
    if (bytes.length < SNAPSHOT_MAGIC.length) return 0;
    if (!equalBytes(bytes.subarray(0, SNAPSHOT_MAGIC.length), SNAPSHOT_MAGIC)) {
      throw new MalformedBytesError("This is not a snapshot that this version can read.");
    }
    this.#begun = true;
    return SNAPSHOT_MAGIC.length;
  }

  #record(from: ByteReader): SnapshotRecord | undefined {
    const kind = from.byte();
    switch (kind) {
      case SNAPSHOT_META:
        return { type: "meta", meta: readStateMeta(new ByteReader(from.bytes())) };
      case SNAPSHOT_PAIR:
        return { type: "pair", key: from.bytes(), value: from.bytes() };
      case SNAPSHOT_ROW:
        this.#rows++;
        return {
          type: "row",
          revision: from.varint(),
          sub: from.varint(),
          record: from.bytes(),
        };
      default:
        if (from.varint() !== this.#rows) {
          throw new MalformedBytesError("Rows are missing from the snapshot.");
        }
        this.#ended = true;
        return undefined;
    }
  }
}

/** Where the record at `at` ends; beyond the bytes, it is as far as they tell. */
function recordEnd(bytes: Uint8Array, at: number): number {
  const place = new Place(bytes, at + 1);
  switch (bytes[at]) {
    case SNAPSHOT_META:
      place.skipBytes();
      break;
    case SNAPSHOT_PAIR:
      place.skipBytes();
      place.skipBytes();
      break;
    case SNAPSHOT_ROW:
      place.varint();
      place.varint();
      place.skipBytes();
      break;
    case SNAPSHOT_END:
      place.varint();
      break;
    default:
      throw new MalformedBytesError("The snapshot has a record of an unknown kind.");
  }
  return place.at;
}

/** Walks over lengths that may be cut off; `at` ends beyond the bytes then. */
class Place {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  varint(): number {
    let end = this.at;
    while (end < this.#bytes.length && (this.#bytes[end] as number) >= 0x80) end++;
    if (end >= this.#bytes.length) {
      this.at = this.#bytes.length + 1;
      return 0;
    }
    const value = new ByteReader(this.#bytes, this.at).varint();
    this.at = end + 1;
    return value;
  }

  skipBytes(): void {
    if (this.at > this.#bytes.length) return;
    const length = this.varint();
    this.at += length;
  }
}

function joined(parts: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const [first = NO_BYTES] = parts;
  if (parts.length < 2) return first;
  const all = new Uint8Array(sizeBytes);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
