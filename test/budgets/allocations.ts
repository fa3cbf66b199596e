import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Rounds to the measured ones: everything that is compiled, allocated or learnt once is behind us then. */
const WARM_UP_ROUNDS = 30;
const ROUNDS = 9;

/** The collector at hand, so that no round meets it. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("this Node does not lend its collector");
  return () => {
    collect();
  };
}

const heapBytes = (): number => process.memoryUsage().heapUsed;

/**
 * Bytes of heap that one of `operations` in `round` allocates: the least that the heap grew by in a round, which counts
 * every object whether or not it lives on; whatever else happens in a round (a page that is left half empty) only adds. Optimized code is switched off, because it leaves allocations out at
 * times of its own choosing. A round must stay below the smallest young generation, half a MiB.
 */
export function bytesPerOperation(operations: number, round: () => void): number {
  setFlagsFromString("--no-opt");
  const collect = collector();
  for (let count = 0; count < WARM_UP_ROUNDS; count++) round();
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < ROUNDS; count++) {
    // Twice: the second time moves on what the first left in the young generation, which is empty then.
    collect();
    collect();
    const idle = heapBytes();
    const before = heapBytes();
    round();
    const after = heapBytes();
    // What asking itself allocates is no part of it.
    least = Math.min(least, after - before - (before - idle));
  }
  return least / operations;
}
