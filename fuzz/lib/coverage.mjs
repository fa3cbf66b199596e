// How much of a target's own code its inputs have reached, by V8's account.
import { Session } from "node:inspector/promises";

export class Coverage {
  #session = new Session();

  /** Call before the code is imported. */
  async begin() {
    this.#session.connect();
    await this.#session.post("Profiler.enable");
    await this.#session.post("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
  }

  /** Code bytes reached and there, over all files whose address contains one of `parts`. */
  async end(parts) {
    const { result } = await this.#session.post("Profiler.takePreciseCoverage");
    this.#session.disconnect();
    let reached = 0;
    let all = 0;
    for (const { url, functions } of result) {
      if (!parts.some((part) => url.includes(part))) continue;
      const ranges = functions.flatMap((one) => one.ranges);
      const size = Math.max(...ranges.map(({ endOffset }) => endOffset));
      // Inner ranges come after those around them.
      const seen = new Uint8Array(size);
      for (const { startOffset, endOffset, count } of ranges) {
        seen.fill(count > 0 ? 1 : 0, startOffset, endOffset);
      }
      all += size;
      for (const one of seen) reached += one;
    }
    return { reached, all };
  }
}
