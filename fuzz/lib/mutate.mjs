// Mistakes in bytes that were right.

const TELLING_BYTES = [0, 1, 2, 4, 8, 0x7f, 0x80, 0xfe, 0xff];
const CHANGES_MAX = 5;
/** Inputs stay below the largest request a server takes. */
const GROWN_BYTES_MAX = 1 << 20;

const KINDS = {
  flip(bytes, random) {
    bytes[random.below(bytes.length)] ^= 1 << random.below(8);
    return bytes;
  },
  set(bytes, random) {
    bytes[random.below(bytes.length)] = random.pick(TELLING_BYTES);
    return bytes;
  },
  number(bytes, random) {
    if (bytes.length < 4) return bytes;
    const at = random.below(bytes.length - 3);
    const value = random.number() % 2 ** 32;
    if (random.chance(0.5)) bytes.writeUInt32LE(value, at);
    else bytes.writeUInt32BE(value, at);
    return bytes;
  },
  drop(bytes, random) {
    const at = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(16))]);
  },
  cut(bytes, random) {
    return bytes.subarray(0, random.below(bytes.length));
  },
  insert(bytes, random) {
    const at = random.below(bytes.length);
    const made = random.bytes(1 + random.below(16));
    return Buffer.concat([bytes.subarray(0, at), made, bytes.subarray(at)]);
  },
  copy(bytes, random) {
    const from = random.below(bytes.length);
    const piece = bytes.subarray(from, from + 1 + random.below(64));
    const at = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
  },
  repeat(bytes, random) {
    const from = random.below(bytes.length);
    const piece = bytes.subarray(from, from + 1 + random.below(16));
    const times = Math.min(1 + random.number(), Math.floor(GROWN_BYTES_MAX / piece.length));
    return Buffer.concat([
      bytes.subarray(0, from),
      ...Array.from({ length: Math.min(times, 4096) }, () => piece),
      bytes.subarray(from),
    ]);
  },
};
const NAMES = Object.keys(KINDS);

/** A changed copy. */
export function mutated(bytes, random) {
  let changed = Buffer.from(bytes);
  for (let left = 1 + random.below(CHANGES_MAX); left > 0 && changed.length > 0; left -= 1) {
    changed = KINDS[random.pick(NAMES)](changed, random);
  }
  return changed;
}

/** The bytes in pieces as a network might deliver them. */
export function pieces(bytes, random) {
  const size = random.chance(0.3) ? bytes.length || 1 : 1 + random.below(400);
  const cut = [];
  for (let at = 0; at < bytes.length; at += size) cut.push(bytes.subarray(at, at + size));
  return cut;
}
