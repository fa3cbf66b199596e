import type { KvCommand } from "../../src/command.ts";

const encoder = new TextEncoder();

/** The same command for the same place in the log, in every process. */
export function commandAt(index: number): KvCommand {
  const key = encoder.encode(`/crash/${(index * 7919) % 400}`);
  if (index % 97 === 0) return { type: "compact", revision: Math.max(1, index - 300) };
  if (index % 41 === 0) {
    return { type: "deleteRange", key, rangeEnd: encoder.encode("/crash/3") };
  }
  if (index % 53 === 0) return { type: "leaseGrant", id: BigInt(index), ttlSeconds: 60 };
  if (index % 59 === 0) return { type: "leaseRevoke", id: BigInt(53 * Math.floor(index / 53)) };
  const value = new Uint8Array(50 + (index % 400)).fill(index);
  const lease = index % 7 === 0 ? BigInt(53 * Math.floor(index / 53)) : 0n;
  return { type: "put", key, value, lease };
}
