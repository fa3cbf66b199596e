// What one input may cost. Inputs are at most about a megabyte, so what exceeds this grows faster than its input.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** CPU time of one input: a hundred times what the dearest honest ones take, garbage collection included. */
export const CPU_MS_MAX = 3000;
/** Buffers that one input may leave allocated before the next collection. */
const BUFFER_BYTES_MAX = 192 << 20;
/** What may still be held after an input, over what was held before the first. */
const HELD_BYTES_MAX = 64 << 20;
/** V8's own limit for the worker: whoever needs more than this at once ends it. */
export const HEAP_MB_MAX = 384;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

export class Bounds {
  #heldAtFirst;
  #cpu;
  #buffers = 0;

  begin() {
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    if (this.#heldAtFirst === undefined) {
      collectGarbage();
      this.#heldAtFirst = held();
    } else if (heapUsed + arrayBuffers > this.#heldAtFirst + 2 * HELD_BYTES_MAX) {
      collectGarbage();
    }
    this.#buffers = arrayBuffers;
    this.#cpu = process.cpuUsage();
  }

  /** What is wrong with what was spent since `begin`, if anything. */
  broken() {
    const { user, system } = process.cpuUsage(this.#cpu);
    const cpuMs = (user + system) / 1000;
    if (cpuMs > CPU_MS_MAX) return `it took ${Math.round(cpuMs)} ms of CPU`;
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    const buffers = arrayBuffers - this.#buffers;
    if (buffers > BUFFER_BYTES_MAX) return `it allocated buffers of ${buffers} bytes`;
    if (heapUsed + arrayBuffers > this.#heldAtFirst + HELD_BYTES_MAX) {
      // Buffers that the first collection finds are swept in the background; the second waits for that.
      collectGarbage();
      collectGarbage();
      const grown = held() - this.#heldAtFirst;
      if (grown > HELD_BYTES_MAX) return `${grown} bytes are still held after it`;
    }
    return undefined;
  }
}

function held() {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
