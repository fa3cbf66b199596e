import { ShareError } from "./share-error.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Bytes as text that may stand in the fragment of a link, without padding. Source: RFC 4648 §5. */
export function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const letters = Math.min(3, bytes.length - at) + 1;
    for (let place = 0; place < letters; place += 1) {
      text += LETTERS.charAt((group >> (18 - place * 6)) & 63);
    }
  }
  return text;
}

/** @throws ShareError when a character does not belong. */
export function fromBase64Url(text: string): Uint8Array {
  if (text.length % 4 === 1) throw new ShareError("damaged", "the link is cut off");
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let group = 0;
  let bits = 0;
  let at = 0;
  for (const letter of text) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) throw new ShareError("damaged", `"${letter}" does not belong in a link`);
    group = ((group << 6) | value) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (group >> bits) & 0xff;
    at += 1;
  }
  return bytes;
}
