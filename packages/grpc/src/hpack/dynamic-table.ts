import { FIELD_OVERHEAD_BYTES, type HeaderField } from "./header-field.ts";

/** The fields that the peer's encoder asked to remember, newest first (RFC 7541 §2.3.2, §4). */
export class DynamicTable {
  /** A ring; the newest field is at `#newest`, older ones follow at lower slots, wrapping. */
  readonly #ring: (HeaderField | undefined)[];
  readonly #mask: number;
  #newest = -1;
  #count = 0;
  #sizeBytes = 0;
  #limitBytes: number;

  /** `capacityBytes` is what we announced; no later limit may exceed it. */
  constructor(capacityBytes: number) {
    const mostFields = Math.floor(capacityBytes / FIELD_OVERHEAD_BYTES);
    const slots = 2 ** Math.ceil(Math.log2(mostFields + 2));
    this.#ring = new Array<HeaderField | undefined>(slots).fill(undefined);
    this.#mask = slots - 1;
    this.#limitBytes = capacityBytes;
  }

  get count(): number {
    return this.#count;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The field at `age`: 0 is the newest. Undefined outside the table. */
  at(age: number): HeaderField | undefined {
    return age < this.#count ? this.#ring[(this.#newest - age) & this.#mask] : undefined;
  }

  /** Adds a field as the newest; one larger than the limit empties the table and is dropped (§4.4). */
  add(field: HeaderField): void {
    this.#evictTo(this.#limitBytes - field.sizeBytes);
    if (field.sizeBytes > this.#limitBytes) return;
    this.#newest = (this.#newest + 1) & this.#mask;
    this.#ring[this.#newest] = field;
    this.#count += 1;
    this.#sizeBytes += field.sizeBytes;
  }

  setLimit(limitBytes: number): void {
    this.#limitBytes = limitBytes;
    this.#evictTo(limitBytes);
  }

  #evictTo(targetBytes: number): void {
    while (this.#count > 0 && this.#sizeBytes > targetBytes) {
      const slot = (this.#newest - this.#count + 1) & this.#mask;
      this.#sizeBytes -= (this.#ring[slot] as HeaderField).sizeBytes;
      this.#ring[slot] = undefined;
      this.#count -= 1;
    }
  }
}
