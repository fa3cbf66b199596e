import { type KeyValue, toText } from "@quorate/client";

/** How a command's answer is shown. */
export type OutputFormat = "plain" | "table" | "json";

export const OUTPUT_FORMATS: readonly OutputFormat[] = ["plain", "table", "json"];

/** Bytes for people: as text where they are text, otherwise every other byte as \xNN. */
export function readable(bytes: Uint8Array): string {
  try {
    const text = toText(bytes);
    return text.replace(UNPRINTABLE, (character) => escaped(character));
  } catch {
    return [...bytes]
      .map((byte) =>
        byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${hexByte(byte)}`,
      )
      .join("");
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

function escaped(character: string): string {
  return `\\x${hexByte(character.charCodeAt(0))}`;
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** A pair as JSON: `key` and `value` are text; those that are not UTF-8 are `keyBase64` and `valueBase64` instead. */
export function pairJson(kv: KeyValue): Readonly<Record<string, unknown>> {
  return {
    ...bytesJson("key", kv.key),
    ...bytesJson("value", kv.value),
    createRevision: kv.createRevision,
    modRevision: kv.modRevision,
    version: kv.version,
    ...(kv.lease === 0n ? {} : { lease: leaseId(kv.lease) }),
  };
}

function bytesJson(name: string, bytes: Uint8Array): Readonly<Record<string, string>> {
  try {
    return { [name]: toText(bytes) };
  } catch {
    return { [`${name}Base64`]: Buffer.from(bytes).toString("base64") };
  }
}

/** Lease and member ids are shown in hexadecimal digits, as everywhere around etcd. */
export function leaseId(id: bigint): string {
  return BigInt.asUintN(64, id).toString(16);
}
