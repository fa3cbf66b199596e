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

/**
 * Cuts a stream of chunks into records, wherever the chunks end. Throws `MalformedBytesError` for a stream that is
 * not a whole snapshot. Records are views of the chunks.
 */
export class SnapshotReader {
  #pending: Uint8Array = NO_BYTES;
  #begun = false;
  #ended = false;
  #rows = 0;

  /** The records that are complete with this chunk. */
  *read(chunk: Uint8Array): Generator<SnapshotRecord> {
    if (this.#ended) throw new MalformedBytesError("Something follows the end of the snapshot.");
    const bytes = this.#pending.length === 0 ? chunk : joined(this.#pending, chunk);
    let at = this.#begun ? 0 : this.#readMagic(bytes);
    while (this.#begun && at < bytes.length) {
      const end = recordEnd(bytes, at);
      if (end === undefined) break;
      const record = this.#record(new ByteReader(bytes.subarray(at, end)));
      at = end;
      if (record !== undefined) yield record;
      else if (at < bytes.length) {
        throw new MalformedBytesError("Something follows the end of the snapshot.");
      }
    }
    this.#pending = bytes.subarray(at);
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

/** Where the record at `at` ends, or nothing if the bytes do not reach that far. */
function recordEnd(bytes: Uint8Array, at: number): number | undefined {
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
  return place.at <= bytes.length ? place.at : undefined;
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

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
