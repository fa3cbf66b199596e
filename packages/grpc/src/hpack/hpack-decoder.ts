import { DynamicTable } from "./dynamic-table.ts";
import { type FieldClassifier, HeaderField } from "./header-field.ts";
import { decodeHuffman, maxDecodedBytes } from "./huffman.ts";
import { STATIC_FIELDS } from "./static-table.ts";

/** A header block that cannot be decoded. The table is lost with it, so the connection must end. */
export class CompressionError extends Error {
  override readonly name: string = "CompressionError";
}

export interface HpackDecoderOptions {
  /** The table size we announce (`SETTINGS_HEADER_TABLE_SIZE`), octets. */
  readonly maxTableBytes: number;
  /** Most octets of a decoded list, counted as in RFC 9113 §6.5.2: name + value + 32 per field. */
  readonly maxListBytes: number;
  readonly classify: FieldClassifier;
}

/** An integer longer than this is nobody's index or length; 4 more octets give 28 bits. */
const MAX_INTEGER_OCTETS = 4;

/** Strings that decode to at most this many octets share one scratch buffer, over all connections. */
const SCRATCH_BYTES = 4096;
const SCRATCH: Buffer = Buffer.alloc(SCRATCH_BYTES);

const STATIC_COUNT = STATIC_FIELDS.length;

/**
 * Turns header blocks back into fields (RFC 7541 §3.2, §6), one after another for one connection.
 *
 * A list over the limit is decoded to its end, because the table must stay in step with the peer's,
 * but what lies beyond the limit is dropped: one octet that refers to a large field of the table,
 * repeated, costs no memory.
 */
export class HpackDecoder {
  readonly #static: readonly HeaderField[];
  readonly #table: DynamicTable;
  readonly #maxTableBytes: number;
  readonly #maxListBytes: number;
  readonly #classify: FieldClassifier;
  #at = 0;
  #listBytes = 0;
  #overflowed = false;

  constructor(options: HpackDecoderOptions) {
    this.#static = STATIC_FIELDS.map(
      ([name, value]) => new HeaderField(name, value, options.classify(name, value)),
    );
    this.#table = new DynamicTable(options.maxTableBytes);
    this.#maxTableBytes = options.maxTableBytes;
    this.#maxListBytes = options.maxListBytes;
    this.#classify = options.classify;
  }

  /** Whether the last block held more than `maxListBytes`; its list is then incomplete. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** Octets of the last block's list, counted as for the limit, without what was dropped. */
  get listBytes(): number {
    return this.#listBytes;
  }

  /** Fields in the dynamic table. */
  get tableCount(): number {
    return this.#table.count;
  }

  /** Size of the dynamic table, octets. */
  get tableBytes(): number {
    return this.#table.sizeBytes;
  }

  /**
   * Decodes one whole block, `bytes[start, end)`.
   * @throws CompressionError when the block breaks the format or the announced limits.
   */
  decode(bytes: Buffer, start: number, end: number): HeaderField[] {
    const fields: HeaderField[] = [];
    let listBytes = 0;
    let sizeUpdateAllowed = true;
    this.#at = start;
    this.#listBytes = 0;
    this.#overflowed = false;
    while (this.#at < end) {
      const octet = bytes[this.#at] as number;
      let field: HeaderField;
      if (octet >= 0x80) {
        field = this.#lookup(this.#integer(bytes, end, 7));
      } else if (octet >= 0x40) {
        field = this.#literal(bytes, end, 6);
        this.#table.add(field);
      } else if (octet >= 0x20) {
        if (!sizeUpdateAllowed) throw new CompressionError("table size update after a field");
        this.#updateTableSize(this.#integer(bytes, end, 5));
        continue;
      } else {
        field = this.#literal(bytes, end, 4);
      }
      sizeUpdateAllowed = false;
      listBytes += field.sizeBytes;
      if (listBytes <= this.#maxListBytes) {
        fields.push(field);
        this.#listBytes = listBytes;
      } else {
        this.#overflowed = true;
      }
    }
    return fields;
  }

  #lookup(index: number): HeaderField {
    const field =
      index <= STATIC_COUNT ? this.#static[index - 1] : this.#table.at(index - STATIC_COUNT - 1);
    if (field === undefined) throw new CompressionError("index outside the tables");
    return field;
  }

  #updateTableSize(sizeBytes: number): void {
    if (sizeBytes > this.#maxTableBytes) throw new CompressionError("table size over the limit");
    this.#table.setLimit(sizeBytes);
  }

  #literal(bytes: Buffer, end: number, prefixBits: number): HeaderField {
    const nameIndex = this.#integer(bytes, end, prefixBits);
    const name = nameIndex === 0 ? this.#string(bytes, end) : this.#lookup(nameIndex).name;
    const value = this.#string(bytes, end);
    return new HeaderField(name, value, this.#classify(name, value));
  }

  /** An integer with a prefix of `prefixBits` (§5.1), read at `#at`, which moves past it. */
  #integer(bytes: Uint8Array, end: number, prefixBits: number): number {
    if (this.#at >= end) throw new CompressionError("block ends inside a field");
    const prefixMax = (1 << prefixBits) - 1;
    const prefix = (bytes[this.#at++] as number) & prefixMax;
    if (prefix < prefixMax) return prefix;
    let value = prefixMax;
    for (let octets = 0; octets < MAX_INTEGER_OCTETS; octets++) {
      if (this.#at >= end) throw new CompressionError("block ends inside an integer");
      const octet = bytes[this.#at++] as number;
      value += (octet & 0x7f) << (7 * octets);
      if (octet < 0x80) return value;
    }
    throw new CompressionError("integer too long");
  }

  #string(bytes: Buffer, end: number): string {
    const isHuffman = this.#at < end && (bytes[this.#at] as number) >= 0x80;
    const length = this.#integer(bytes, end, 7);
    const start = this.#at;
    if (length > end - start) throw new CompressionError("block ends inside a string");
    this.#at = start + length;
    if (!isHuffman) return bytes.toString("latin1", start, start + length);
    const most = maxDecodedBytes(length);
    const out = most <= SCRATCH_BYTES ? SCRATCH : Buffer.allocUnsafe(most);
    const decoded = decodeHuffman(bytes, start, start + length, out);
    if (decoded < 0) throw new CompressionError("invalid Huffman code");
    return out.toString("latin1", 0, decoded);
  }
}
