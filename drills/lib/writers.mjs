// Concurrent writers whose every outcome is remembered: what was acknowledged must be there, what was not may be.

import { pause } from "./drill.mjs";
import { mayHaveHappened } from "./member-calls.mjs";

/** Never repeats a key: a write that was applied twice then shows as version 2. */
export class Writers {
  acknowledged = new Map();
  unknown = new Map();
  refused = new Map();
  #running = true;
  #done = [];

  constructor(drill, { count = 20, prefix = "w/", valueBytes = 0, timeoutMs = 10_000 } = {}) {
    this.drill = drill;
    this.prefix = prefix;
    this.padding = "v".repeat(valueBytes);
    for (let writer = 0; writer < count; writer += 1)
      this.#done.push(this.#write(writer, timeoutMs));
  }

  async #write(writer, timeoutMs) {
    const { cluster } = this.drill;
    for (let sequence = 0; this.#running; sequence += 1) {
      const member = cluster.members[(writer + sequence) % cluster.members.length];
      if (!cluster.isRunning(member)) {
        await pause(1);
        continue;
      }
      const key = `${this.prefix}${writer}/${sequence}`;
      const value = `${writer}:${sequence}:${this.padding}`;
      try {
        await this.drill.calls(member).put(key, value, timeoutMs);
        this.acknowledged.set(key, value);
      } catch (error) {
        (mayHaveHappened(error) ? this.unknown : this.refused).set(key, value);
        await pause(5);
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
    await Promise.all(this.#done);
    this.drill.count("acknowledged writes", this.acknowledged.size);
    this.drill.count("writes with unknown outcome", this.unknown.size);
    this.drill.count("refused writes", this.refused.size);
  }

  /** Reads everything back from `member` and checks it against what was acknowledged. */
  async verify(member) {
    // What is acknowledged while the answer is on its way need not be in it.
    const acknowledged = new Map(this.acknowledged);
    const pairs = await this.drill.calls(member).list(this.prefix, { timeoutMs: 30_000 });
    const found = new Map(pairs.map((pair) => [pair.name, pair]));
    const lost = [...acknowledged].filter(([key, value]) => found.get(key)?.text !== value);
    const twice = pairs.filter((pair) => Number(pair.version) !== 1);
    const ghosts = pairs.filter(
      (pair) => !this.acknowledged.has(pair.name) && !this.unknown.has(pair.name),
    );
    const applied = [...this.unknown.keys()].filter((key) => found.has(key)).length;
    this.drill.count("unknown writes that were applied", applied);
    this.drill.check(
      `every acknowledged write is there (${member.name})`,
      lost.length === 0,
      `${acknowledged.size} acknowledged, ${lost.length} missing`,
    );
    this.drill.check(
      `no write was applied twice (${member.name})`,
      twice.length === 0,
      `${twice.length} with a version above 1`,
    );
    this.drill.check(
      `nothing is there that was refused (${member.name})`,
      ghosts.length === 0,
      `${ghosts.length} such keys`,
    );
  }
}
