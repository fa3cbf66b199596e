// As much of ASN.1's distinguished encoding as a certificate needs.

export type Der = Buffer;

function encoded(tag: number, content: Uint8Array): Der {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const octets = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...octets), content]);
}

export function sequence(...parts: readonly Der[]): Der {
  return encoded(0x30, Buffer.concat(parts));
}

export function set(...parts: readonly Der[]): Der {
  return encoded(0x31, Buffer.concat(parts));
}

/** A positive integer from its big-endian bytes. */
export function integer(bytes: Uint8Array): Der {
  const first = bytes[0] ?? 0;
  return encoded(0x02, first >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

export function octets(content: Uint8Array): Der {
  return encoded(0x04, content);
}

export function bits(content: Uint8Array, unused = 0): Der {
  return encoded(0x03, Buffer.concat([Buffer.of(unused), content]));
}

export function boolean(value: boolean): Der {
  return encoded(0x01, Buffer.of(value ? 0xff : 0));
}

export function utf8String(text: string): Der {
  return encoded(0x0c, Buffer.from(text, "utf8"));
}

/** Dotted decimal. */
export function objectId(text: string): Der {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return encoded(0x06, Buffer.from(bytes));
}

/** A time up to 2049, to the second. */
export function utcTime(date: Date): Der {
  const digits = date.toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return encoded(0x17, Buffer.from(`${digits}Z`, "latin1"));
}

/** A field with a tag of its own; `constructed` when it holds other values. */
export function tagged(number: number, content: Uint8Array, constructed: boolean): Der {
  return encoded(0x80 | (constructed ? 0x20 : 0) | number, content);
}
