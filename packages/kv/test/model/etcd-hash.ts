import type { ReferenceKv } from "./reference-kv.ts";

/** CRC-32C, bit by bit. */
function crc32c(bytes: readonly number[]): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function bigEndian(value: number): number[] {
  return [...Array(8).keys()].map((i) => Number((BigInt(value) >> BigInt(8 * (7 - i))) & 0xffn));
}

function varint(value: bigint): number[] {
  const rest = BigInt.asUintN(64, value);
  return rest < 0x80n ? [Number(rest)] : [Number(rest & 0x7fn) | 0x80, ...varint(rest >> 7n)];
}

function field(number: number, content: string | bigint | Uint8Array): number[] {
  if (typeof content === "bigint") {
    return content === 0n ? [] : [number << 3, ...varint(content)];
  }
  const bytes =
    typeof content === "string" ? [...content].map((c) => c.charCodeAt(0)) : [...content];
  if (bytes.length === 0) return [];
  return [(number << 3) | 2, ...varint(BigInt(bytes.length)), ...bytes];
}

type Row = ReferenceKv["versions"][number];

function newestAt(reference: ReferenceKv, at: number): Map<string, Row> {
  const newest = new Map<string, Row>();
  for (const row of reference.versions) if (row.revision <= at) newest.set(row.key, row);
  return newest;
}

/** etcd's HashKV at a revision, by its definition and nothing else. */
export function etcdHash(reference: ReferenceKv, at: number): number {
  let newest = newestAt(reference, at);
  // Where no key exists etcd takes every row that its compaction has left.
  if ([...newest.values()].every((row) => row.deleted)) {
    newest = newestAt(reference, Math.min(at, reference.compacted));
  }
  const bytes = [..."key"].map((c) => c.charCodeAt(0));
  for (const row of reference.versions) {
    if (row.revision > at) continue;
    if (row.revision <= reference.compacted && (row.deleted || newest.get(row.key) !== row))
      continue;
    bytes.push(...bigEndian(row.revision), 0x5f, ...bigEndian(row.sub));
    if (row.deleted) bytes.push(0x74);
    bytes.push(...field(1, row.key));
    if (row.deleted) continue;
    bytes.push(
      ...field(2, BigInt(row.create)),
      ...field(3, BigInt(row.revision)),
      ...field(4, BigInt(row.version)),
      ...field(5, row.value),
      ...field(6, row.lease),
    );
  }
  return crc32c(bytes);
}
