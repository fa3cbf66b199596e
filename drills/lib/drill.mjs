// What every drill on served members is given: a cluster of `quorate serve` processes and calls to each member.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCluster } from "../../scripts/local-cluster.mjs";
import { MemberCalls } from "./member-calls.mjs";
import { Report } from "./report.mjs";

export { pause } from "./report.mjs";

/** Lines of each member that are remembered. */
const LINES_MAX = 5_000;

export class Drill extends Report {
  #calls = new Map();
  #lines = new Map();

  constructor({ seed, basePort, size = 3, extraFlags = [], env }) {
    super(seed);
    this.folder = mkdtempSync(join(tmpdir(), "quorate-drill-"));
    this.cluster = new LocalCluster({
      folder: this.folder,
      basePort,
      size,
      token: `drill-${seed}`,
      extraFlags,
      env,
      onLine: (member, line) => {
        const lines = this.linesOf(member);
        lines.push(line);
        if (lines.length > LINES_MAX) lines.shift();
      },
      onExit: (member, code, signal, lines) => {
        this.check(
          `member ${member.name} keeps running`,
          false,
          `${signal ?? code}: ${lines.at(-1)}`,
        );
      },
    });
  }

  /** What the member's processes have printed, oldest first. */
  linesOf(member) {
    const known = this.#lines.get(member.name);
    if (known !== undefined) return known;
    const lines = [];
    this.#lines.set(member.name, lines);
    return lines;
  }

  /** Waits until a member has printed a line that matches, after the first `from` lines. */
  said(member, pattern, from = 0) {
    return this.until(`${member.name} to say ${pattern}`, () =>
      this.linesOf(member)
        .slice(from)
        .find((line) => pattern.test(line)),
    );
  }

  calls(member) {
    let calls = this.#calls.get(member.name);
    if (calls === undefined) {
      calls = new MemberCalls(member.endpoint);
      this.#calls.set(member.name, calls);
    }
    return calls;
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

  /** Stops everything; resolves with the number of claims that did not hold. */
  async finish({ keep = false } = {}) {
    for (const calls of this.#calls.values()) calls.close();
    await this.cluster.stop();
    if (!keep && this.failures.length === 0) rmSync(this.folder, { recursive: true, force: true });
    else this.say(`The members' data is in ${this.folder}`);
    this.conclude();
    return this.failures.length;
  }
}
