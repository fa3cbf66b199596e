import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Rounds to the measured ones: everything that is compiled, allocated or learnt once is behind us then. */
const WARM_UP_ROUNDS = 30;
const ROUNDS = 15;

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

/** Moves the place where a round begins, so that not every round runs over the end of a page. */
const SHIFT_BYTES = 16 * 1024;

/**
 * Bytes of heap that one of `operations` in `round` allocates: the least that the heap grew by in a round, which counts
 * every object whether or not it lives on. The rest of a page that is left half empty counts as used, so that other
 * rounds only show more; one that the collector interrupts shows less than nothing, and is left out. Optimized code is
 * switched off, because it leaves allocations out at times of its own choosing. A round must stay below the smallest
 * young generation, half a MiB.
 */
export function bytesPerOperation(operations: number, round: () => void): number {
  setFlagsFromString("--no-opt");
  const collect = collector();
  for (let count = 0; count < WARM_UP_ROUNDS; count++) round();
  let asking = Number.POSITIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < ROUNDS; count++) {
    // Twice: the second time moves on what the first left in the young generation, which is empty then.
    collect();
    collect();
    const filler = new Array<number>((count * SHIFT_BYTES) / 8).fill(0);
    const idle = heapBytes();
    const before = heapBytes();
    round();
    const grown = heapBytes() - before;
    if (before > idle) asking = Math.min(asking, before - idle);
    if (grown > 0) least = Math.min(least, grown);
    filler.length = 0;
  }
  // What asking itself allocates is no part of it.
  return (least - asking) / operations;
}
