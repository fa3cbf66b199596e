import { FIELD_OVERHEAD_BYTES } from "./header-field.ts";
import { STATIC_FIELDS, staticNameIndex } from "./static-table.ts";

/** The table size that every peer has until its SETTINGS say otherwise (RFC 9113 §6.5.2). */
export const DEFAULT_TABLE_BYTES = 4096;

/** First index of the dynamic table. */
const FIRST_DYNAMIC_INDEX = STATIC_FIELDS.length + 1;

const INITIAL_BLOCK_BYTES = 256;

export type ConstantField = readonly [name: string, value: string];

/**
 * Turns fields into header blocks for one connection (RFC 7541 §6).
 *
 * Only the constant fields named at construction enter the peer's table, each the first time it is
 * used: from then on each costs one octet, on the wire and in the peer's decoder. Everything else is
 * a literal that is never remembered, so that no answer can push the constants out. A peer whose
 * table is too small for all of them gets literals only.
 *
 * Blocks must be sent in the order in which they were encoded, each exactly once.
 */
export class HpackEncoder {
  readonly #constants: readonly ConstantField[];
  readonly #constantsBytes: number;
  /** Per constant: the how-manieth insertion it was, from 1; 0 while it is not in the table. */
  readonly #insertion: Int32Array;
  #insertions = 0;
  #indexes: boolean;
  #tableBytes = DEFAULT_TABLE_BYTES;
  /** Set when the peer changed its table size and the next block must begin by saying so (§4.2). */
  #tableBytesToSignal = -1;
  #block: Buffer = Buffer.allocUnsafe(INITIAL_BLOCK_BYTES);
  #length = 0;

  constructor(constants: readonly ConstantField[]) {
    this.#constants = constants;
    this.#constantsBytes = constants.reduce(
      (sum, [name, value]) => sum + name.length + value.length + FIELD_OVERHEAD_BYTES,
      0,
    );
    this.#insertion = new Int32Array(constants.length);
    this.#indexes = this.#constantsBytes <= DEFAULT_TABLE_BYTES;
  }

  /** The block built since `begin`: the first `length` octets, valid until the next `begin`. */
  get block(): Buffer {
    return this.#block;
  }

  get length(): number {
    return this.#length;
  }

  /** Whether every constant is in the peer's table and no size change is to be signalled first. */
  get isWarm(): boolean {
    return this.#insertions === this.#constants.length && this.#tableBytesToSignal < 0;
  }

  /** The one octet that stands for constant `which` while `isWarm`. */
  constantOctet(which: number): number {
    return 0x80 | this.#indexOf(which);
  }

  /** The peer announced `SETTINGS_HEADER_TABLE_SIZE`. */
  setPeerTableSize(sizeBytes: number): void {
    const tableBytes = Math.min(sizeBytes, DEFAULT_TABLE_BYTES);
    if (tableBytes === this.#tableBytes) return;
    this.#tableBytes = tableBytes;
    this.#tableBytesToSignal = tableBytes;
    this.#indexes = this.#constantsBytes <= tableBytes;
    this.#insertion.fill(0);
    this.#insertions = 0;
  }

  /** Starts a block. */
  begin(): void {
    this.#length = 0;
    if (this.#tableBytesToSignal < 0) return;
    // Zero first: it empties the table whatever the sizes in between were.
    this.#integer(0x20, 5, 0);
    if (this.#tableBytesToSignal > 0) this.#integer(0x20, 5, this.#tableBytesToSignal);
    this.#tableBytesToSignal = -1;
  }

  /** Appends `:status`. */
  status(code: number): void {
    const text = String(code);
    const index = STATIC_FIELDS.findIndex(([name, value]) => name === ":status" && value === text);
    if (index >= 0) this.#integer(0x80, 7, index + 1);
    else this.field(":status", text);
  }

  /** Appends constant `which`. */
  constant(which: number): void {
    if ((this.#insertion[which] as number) > 0) {
      this.#integer(0x80, 7, this.#indexOf(which));
      return;
    }
    const [name, value] = this.#constants[which] as ConstantField;
    if (!this.#indexes) {
      this.field(name, value);
      return;
    }
    this.#literal(0x40, 6, name, value);
    this.#insertions += 1;
    this.#insertion[which] = this.#insertions;
  }

  /** Appends a field as a literal. Name in lower case; name and value in latin-1. */
  field(name: string, value: string): void {
    this.#literal(0x00, 4, name, value);
  }

  #indexOf(which: number): number {
    return FIRST_DYNAMIC_INDEX + this.#insertions - (this.#insertion[which] as number);
  }

  #literal(pattern: number, prefixBits: number, name: string, value: string): void {
    const nameIndex = staticNameIndex(name);
    this.#integer(pattern, prefixBits, nameIndex);
    if (nameIndex === 0) this.#string(name);
    this.#string(value);
  }

  #integer(pattern: number, prefixBits: number, value: number): void {
    this.#reserve(6);
    const prefixMax = (1 << prefixBits) - 1;
    if (value < prefixMax) {
      this.#block[this.#length++] = pattern | value;
      return;
    }
    this.#block[this.#length++] = pattern | prefixMax;
    let rest = value - prefixMax;
    while (rest >= 0x80) {
      this.#block[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#block[this.#length++] = rest;
  }

  /** Plain octets: Huffman code would save the peer few octets and cost both sides time. */
  #string(text: string): void {
    this.#integer(0x00, 7, text.length);
    this.#reserve(text.length);
    this.#length += this.#block.write(text, this.#length, "latin1");
  }

  #reserve(octets: number): void {
    if (this.#length + octets <= this.#block.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#block.length * 2, this.#length + octets));
    this.#block.copy(grown, 0, 0, this.#length);
    this.#block = grown;
  }
}
