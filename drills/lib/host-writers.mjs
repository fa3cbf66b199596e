// Writers on embedded hosts, each outcome remembered. Every write has a key of its own, so that one that was applied
// twice shows in the machine's count.
import { pause } from "./report.mjs";

const RETRY_MS = 10;

export class HostWriters {
  acknowledged = new Map();
  unknown = new Set();
  notApplied = new Set();
  /** Longest time between two acknowledgements, whoever's they were. */
  longestGapMs = 0;
  #lastMs = performance.now();
  #running = true;
  #done;

  /** `members`: whom to ask, looked up anew for each write. `sticky`: each writer keeps to one of them. */
  constructor(drill, options = {}) {
    const { count = 8, prefix = "w/", valueBytes = 16, timeoutMs = 10_000 } = options;
    const { sticky = false, members } = options;
    this.drill = drill;
    this.prefix = prefix;
    this.sticky = sticky;
    const candidates = members ?? (() => drill.running());
    const padding = "v".repeat(valueBytes);
    this.#done = Promise.all(
      Array.from({ length: count }, (_, writer) =>
        this.#write(writer, candidates, padding, timeoutMs),
      ),
    );
  }

  async #write(writer, candidates, padding, timeoutMs) {
    for (let sequence = 0; this.#running; sequence += 1) {
      const members = candidates();
      const member = members[(writer + (this.sticky ? 0 : sequence)) % Math.max(1, members.length)];
      if (member === undefined) {
        await pause(RETRY_MS);
        continue;
      }
      const key = `${this.prefix}${writer}/${sequence}`;
      const value = `${writer}:${sequence}:${padding}`;
      try {
        await member.propose({ type: "set", key, value }, { timeoutMs });
        this.acknowledged.set(key, value);
        const now = performance.now();
        this.longestGapMs = Math.max(this.longestGapMs, now - this.#lastMs);
        this.#lastMs = now;
      } catch (error) {
        (error.outcome === "notApplied" ? this.notApplied : this.unknown).add(key);
        await pause(RETRY_MS);
      }
    }
  }

  /** Waits until so many more writes are acknowledged than when it was called. */
  more(count, timeoutMs) {
    const wanted = this.acknowledged.size + count;
    return this.drill.until(
      `${count} more writes`,
      () => this.acknowledged.size >= wanted,
      timeoutMs,
    );
  }

  async stop() {
    this.#running = false;
    await this.#done;
    const { drill } = this;
    drill.count("acknowledged writes", this.acknowledged.size);
    drill.count("writes with unknown outcome", this.unknown.size);
    drill.count("writes certainly not applied", this.notApplied.size);
  }

  /** Reads everything back from `member`, with a majority's word, and holds it against what was said. */
  async verify(member) {
    const { drill } = this;
    const found = new Map(await member.query({ prefix: this.prefix }, { timeoutMs: 60_000 }));
    const lost = [...this.acknowledged].filter(([key, value]) => found.get(key)?.value !== value);
    const twice = [...found.values()].filter(({ times }) => times !== 1);
    const ghosts = [...this.notApplied].filter((key) => found.has(key));
    drill.check(
      `every acknowledged write is there, once (member ${member.id})`,
      lost.length === 0 && twice.length === 0,
      `${this.acknowledged.size} acknowledged, ${lost.length} missing, ${twice.length} applied twice`,
    );
    drill.check(
      `nothing is there that was said not to be applied (member ${member.id})`,
      ghosts.length === 0,
      `${this.notApplied.size} such writes, ${ghosts.length} found`,
    );
  }
}
