/** Reflected form of the Castagnoli polynomial. */
const POLYNOMIAL = 0x82f63b78;

/** Eight tables, so that eight bytes go in at once. */
const TABLES: readonly Uint32Array[] = makeTables();

function makeTables(): Uint32Array[] {
  const tables = Array.from({ length: 8 }, () => new Uint32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    (tables[0] as Uint32Array)[byte] = crc;
  }
  for (let byte = 0; byte < 256; byte++) {
    let crc = (tables[0] as Uint32Array)[byte] as number;
    for (let table = 1; table < 8; table++) {
      crc = (crc >>> 8) ^ ((tables[0] as Uint32Array)[crc & 0xff] as number);
      (tables[table] as Uint32Array)[byte] = crc;
    }
  }
  return tables;
}

const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES as readonly [
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
];

/** CRC-32C (Castagnoli) of `length` bytes, continuing from `initial` (0 to start). Unsigned. */
export function crc32c(
  bytes: Uint8Array,
  initial: number = 0,
  length: number = bytes.length,
): number {
  let crc = ~initial;
  let at = 0;
  for (const whole = length & ~7; at < whole; at += 8) {
    crc ^= word(bytes, at);
    const next = word(bytes, at + 4);
    crc =
      (T7[crc & 0xff] as number) ^
      (T6[(crc >>> 8) & 0xff] as number) ^
      (T5[(crc >>> 16) & 0xff] as number) ^
      (T4[crc >>> 24] as number) ^
      (T3[next & 0xff] as number) ^
      (T2[(next >>> 8) & 0xff] as number) ^
      (T1[(next >>> 16) & 0xff] as number) ^
      (T0[next >>> 24] as number);
  }
  for (; at < length; at++) {
    crc = (crc >>> 8) ^ (T0[(crc ^ (bytes[at] as number)) & 0xff] as number);
  }
  return ~crc >>> 0;
}

/** Four bytes, the low one first. */
function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}
