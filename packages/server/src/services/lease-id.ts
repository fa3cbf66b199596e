import { randomInt } from "node:crypto";

/** A lease's id for a client that chose none: from 53 bits, so that it is exact wherever JSON numbers are. */
export function freshLeaseId(): bigint {
  const high = randomInt(1, 2 ** 21);
  const low = randomInt(0, 2 ** 32);
  return BigInt(high) * 0x1_0000_0000n + BigInt(low);
}
