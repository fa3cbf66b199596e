/** Why bytes are not a message. */
export type WireErrorCode =
  /** A value or a message ends after the bytes do. */
  | "truncated"
  /** A varint has more than ten bytes, or a tag is not a field number. */
  | "malformed"
  /** Messages within messages, deeper than `MAX_DEPTH`. */
  | "tooDeep"
  /** A string is not UTF-8. */
  | "notUtf8"
  /** A number that cannot be written exactly. */
  | "unsafeInteger";

/** The only error that decoding throws, whatever the bytes are. */
export class WireError extends Error {
  override readonly name: string = "WireError";
  readonly code: WireErrorCode;

  constructor(code: WireErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
