import { readUtf8, utf8Length, writeUtf8 } from "../wire/utf8.ts";
import type { Codec } from "./state-machine.ts";

/** Values as JSON text in UTF-8: the codec to begin with. Values must survive `JSON.parse(JSON.stringify(value))`. */
export function jsonCodec<T>(): Codec<T> {
  return {
    encode(value) {
      const text = JSON.stringify(value);
      const bytes = new Uint8Array(utf8Length(text));
      writeUtf8(text, bytes, 0);
      return bytes;
    },
    decode: (bytes) => JSON.parse(readUtf8(bytes, 0, bytes.length)) as T,
  };
}
