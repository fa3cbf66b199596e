/** Just enough of protobuf's wire format for a key-value service that exists for tests only. */

export type Field = readonly [number: number, value: number | Uint8Array | string];

function varint(value: number): number[] {
  const octets: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    octets.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  octets.push(rest);
  return octets;
}

export function encode(...fields: readonly Field[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const [number, value] of fields) {
    if (typeof value === "number") {
      parts.push(Uint8Array.from([...varint(number << 3), ...varint(value)]));
    } else {
      const bytes = typeof value === "string" ? Buffer.from(value) : value;
      parts.push(Uint8Array.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes);
    }
  }
  return Buffer.concat(parts);
}

/** The first value of each length-delimited field. */
export function decodeBytes(message: Uint8Array): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 0x80) {
      const octet = message[at++] ?? 0;
      value += (octet & 0x7f) * shift;
      if (octet < 0x80) return value;
    }
  };
  while (at < message.length) {
    const key = next();
    const length = next();
    if ((key & 7) !== 2) continue;
    const number = Math.floor(key / 8);
    if (!found.has(number)) found.set(number, message.subarray(at, at + length));
    at += length;
  }
  return found;
}
