import { decodeUtf8, utf8 } from "@quorate/protocol";

/** Keys and values: text stands for its UTF-8 bytes. */
export type Bytes = string | Uint8Array;

export function toBytes(value: Bytes): Uint8Array {
  return typeof value === "string" ? utf8(value) : value;
}

/** The bytes as text; throws when they are not UTF-8. */
export function toText(bytes: Uint8Array): string {
  return decodeUtf8(bytes, 0, bytes.length);
}

/** The end of the interval of all keys that begin with `prefix`. */
export function prefixEnd(prefix: Uint8Array): Uint8Array {
  for (let at = prefix.length - 1; at >= 0; at -= 1) {
    const byte = prefix[at] as number;
    if (byte < 0xff) {
      const end = prefix.slice(0, at + 1);
      end[at] = byte + 1;
      return end;
    }
  }
  return NO_END;
}

/** As an interval's end: there is none. As a key: the first of all. */
export const NO_END: Uint8Array = Uint8Array.of(0);
