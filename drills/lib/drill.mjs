// What every drill is given: a cluster of real processes, a seed, calls to each member, and a place to put what it saw.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCluster } from "../../scripts/local-cluster.mjs";
import { say } from "../../scripts/prepare.mjs";
import { MemberCalls } from "./member-calls.mjs";

const DEFAULT_WAIT_MS = 30_000;
const POLL_MS = 20;

/** A small seeded generator (mulberry32): the same seed draws the same faults. */
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Drill {
  #counts = new Map();
  #calls = new Map();
  #failures = [];

  constructor({ seed, basePort, size = 3, extraFlags = [] }) {
    this.seed = seed;
    this.random = seededRandom(seed);
    this.folder = mkdtempSync(join(tmpdir(), "quorate-drill-"));
    this.cluster = new LocalCluster({
      folder: this.folder,
      basePort,
      size,
      token: `drill-${seed}`,
      extraFlags,
      onExit: (member, code, signal, lines) => {
        this.check(
          `member ${member.name} keeps running`,
          false,
          `${signal ?? code}: ${lines.at(-1)}`,
        );
      },
    });
  }

  say(line) {
    say(line);
  }

  count(name, by = 1) {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }

  counted(name) {
    return this.#counts.get(name) ?? 0;
  }

  /** Records whether something that must hold did. */
  check(claim, holds, detail = "") {
    if (!holds) this.#failures.push(detail === "" ? claim : `${claim}: ${detail}`);
    say(`${holds ? "  ok    " : "  FAILED"} ${claim}${detail === "" ? "" : ` (${detail})`}`);
  }

  calls(member) {
    let calls = this.#calls.get(member.name);
    if (calls === undefined) {
      calls = new MemberCalls(member.endpoint);
      this.#calls.set(member.name, calls);
    }
    return calls;
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  /** Waits until `condition` gives something truthy; says what it waited for when it never did. */
  async until(what, condition, timeoutMs = DEFAULT_WAIT_MS) {
    const end = performance.now() + timeoutMs;
    let last;
    while (performance.now() < end) {
      try {
        const value = await condition();
        if (value) return value;
      } catch (error) {
        last = error;
      }
      await pause(POLL_MS);
    }
    throw new Error(
      `Waited ${timeoutMs} ms in vain for ${what}${last ? ` (${last.message})` : ""}`,
    );
  }

  /** The member that leads by the word of a majority, once there is one. */
  leader(timeoutMs) {
    return this.until(
      "a leader",
      async () => {
        const running = this.cluster.members.filter((member) => this.cluster.isRunning(member));
        const answers = await Promise.allSettled(
          running.map(async (member) => ({
            member,
            status: await this.calls(member).status(1000),
          })),
        );
        const known = answers.filter((a) => a.status === "fulfilled").map((a) => a.value);
        const votes = new Map();
        for (const { status } of known)
          votes.set(status.leader, (votes.get(status.leader) ?? 0) + 1);
        for (const [leader, count] of votes) {
          if (!leader || count * 2 <= this.cluster.members.length) continue;
          const found = known.find(({ status }) => status.header.memberId === leader);
          if (found) return found.member;
        }
        return undefined;
      },
      timeoutMs,
    );
  }

  /** Compares the members' hashes at one revision; equal states have equal hashes. */
  async compareStates() {
    const [first] = this.cluster.members;
    await this.calls(first).get("any key");
    const { revision } = (await this.calls(first).status()).header;
    const hashes = await Promise.all(
      this.cluster.members.map((member) =>
        this.until(`${member.name} to reach revision ${revision}`, async () => {
          const { header } = await this.calls(member).status();
          return header.revision >= revision && (await this.calls(member).hashKv(revision)).hash;
        }),
      ),
    );
    this.check(
      "the members' states are equal",
      new Set(hashes).size === 1,
      `hash at revision ${revision}: ${hashes.join(", ")}`,
    );
  }

  /** Prints what was counted; resolves with the number of claims that did not hold. */
  async finish({ keep = false } = {}) {
    for (const calls of this.#calls.values()) calls.close();
    await this.cluster.stop();
    if (!keep && this.#failures.length === 0) rmSync(this.folder, { recursive: true, force: true });
    else say(`The members' data is in ${this.folder}`);
    say(`seed ${this.seed}; ${[...this.#counts].map(([name, n]) => `${name}: ${n}`).join(", ")}`);
    for (const failure of this.#failures) say(`NOT TRUE: ${failure}`);
    return this.#failures.length;
  }
}
