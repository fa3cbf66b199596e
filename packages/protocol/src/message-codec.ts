import type { JsonValue } from "./json/parse-json.ts";

/**
 * Turns one kind of message into bytes and JSON, and back. `T` is a decoded message with every field present, `Init` what
 * has to be given to make one: every field may be left out.
 */
export interface MessageCodec<T, Init> {
  /** Full name, for people: `etcdserverpb.RangeRequest`. */
  readonly name: string;
  /** The bytes are the caller's. Throws `WireError` for a number that is not a safe integer. */
  encode(message: Init): Uint8Array;
  /**
   * Throws `WireError` for anything that is not such a message; unknown fields are skipped. Byte fields of the result are
   * views of `bytes` and valid as long as these are.
   */
  decode(bytes: Uint8Array): T;
  /** The proto3 JSON form with the fields' own names, 64-bit integers as text, zero values left out, no blanks. */
  toJson(message: Init): string;
  /**
   * The same text in pieces, made as they are asked for: of a list of messages each is a piece, so that an answer of many
   * megabytes never has to be one string. The message must not change meanwhile.
   */
  toJsonPieces(message: Init): Iterable<string>;
  /** Accepts own and camel-case names; ignores unknown ones. Throws `JsonError`. Take `parseJson` to parse text. */
  fromJson(value: JsonValue): T;
}
