/** Octets that RFC 7541 §4.1 adds to a field's name and value to get its size in a table. */
export const FIELD_OVERHEAD_BYTES = 32;

/**
 * Gives a field the number by which later stages tell fields apart without comparing strings.
 * Called once per field that enters the table or comes as a literal, not once per use.
 */
export type FieldClassifier = (name: string, value: string) => number;

/** One header field. Octets are kept as latin-1: one character per octet, whatever they are. */
export class HeaderField {
  readonly name: string;
  readonly value: string;
  /** What the classifier made of it. */
  readonly kind: number;
  /** Octets of name and value plus `FIELD_OVERHEAD_BYTES`. */
  readonly sizeBytes: number;

  constructor(name: string, value: string, kind: number) {
    this.name = name;
    this.value = value;
    this.kind = kind;
    this.sizeBytes = name.length + value.length + FIELD_OVERHEAD_BYTES;
  }
}
