import { decodeUtf8, utf8 } from "@quorate/protocol";

/** Turns values of one type into the bytes that are stored, and back. */
export interface Codec<Value> {
  encode(value: Value): Uint8Array;
  /** May throw: the collection then rejects with UNDECODABLE. */
  decode(bytes: Uint8Array): Value;
}

/** Values as JSON. `parse` may check, or convert, what was read; without it the type is taken on trust. */
export function jsonCodec<Value>(
  parse: (value: unknown) => Value = (value) => value as Value,
): Codec<Value> {
  return {
    encode(value) {
      const text = JSON.stringify(value);
      if (text === undefined) throw new TypeError("JSON has no text for this value.");
      return utf8(text);
    },
    decode: (bytes) => parse(JSON.parse(decodeUtf8(bytes, 0, bytes.length))),
  };
}

/** Text as UTF-8. */
export const textCodec: Codec<string> = {
  encode: utf8,
  decode: (bytes) => decodeUtf8(bytes, 0, bytes.length),
};

/** Bytes as they are. */
export const bytesCodec: Codec<Uint8Array> = {
  encode: (value) => value,
  decode: (bytes) => bytes,
};
