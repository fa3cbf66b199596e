// A cron that one member at a time runs: the leader. Each leader takes a fencing token, a number that only grows, and
// what the jobs write to refuses smaller numbers. So a leader that was paused cannot do harm when it wakes up.
// Run it: node examples/cron.mjs
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHost, jsonCodec, memoryMachine } from "@quorate/host";
import { nodeEnvironment } from "@quorate/host/node";

const PERIOD_MS = 100;

/** Replicated state: the newest token and who has it, and the last period that was run. */
const schedule = () =>
  memoryMachine({
    initial: { token: 0, owner: 0, ranThrough: 0 },
    apply(state, { command, proposedAtMs }) {
      if (command.type === "takeOver") {
        const next = { ...state, token: state.token + 1, owner: command.member };
        return [next, { token: next.token }];
      }
      // The proposer's clock travels with the command: every member computes the same period from it.
      const period = Math.floor(proposedAtMs / PERIOD_MS);
      if (command.token !== state.token) return [state, { run: false, reason: "stale token" }];
      if (period <= state.ranThrough) return [state, { run: false, reason: "ran already" }];
      return [
        { ...state, ranThrough: period },
        { run: true, period },
      ];
    },
    query: (state) => state,
  });

/** What the jobs write to: a database, a file server, a bill. All it has to do is to remember the largest token. */
class Ledger {
  #largestToken = 0;
  entries = [];
  refused = [];

  write(token, period, member) {
    if (token < this.#largestToken) {
      this.refused.push({ token, period, member });
      return false;
    }
    this.#largestToken = token;
    this.entries.push({ token, period, member });
    return true;
  }
}

/** One member's cron: takes a token when it becomes the leader, drops it when it learns that it is not. */
class Cron {
  #replica;
  #ledger;
  #timer;
  token = 0;
  /** A place to hang: between having the right to run a job and running it. */
  beforeWriting = async () => undefined;

  constructor(replica, ledger) {
    this.#replica = replica;
    this.#ledger = ledger;
    replica.onEvent((event) => {
      if (event.type !== "role") return;
      this.token = 0;
      if (event.role === "leader") void this.#takeOver();
    });
    if (replica.role === "leader") void this.#takeOver();
    this.#timer = setInterval(() => void this.#tick(), PERIOD_MS);
  }

  async #takeOver() {
    const command = { type: "takeOver", member: this.#replica.memberId };
    const outcome = await this.#replica.propose(command).catch(() => undefined);
    if (outcome !== undefined && this.#replica.role === "leader") this.token = outcome.result.token;
  }

  async #tick() {
    const { token } = this;
    if (token === 0) return;
    const outcome = await this.#replica.propose({ type: "run", token }).catch(() => undefined);
    if (outcome?.result.run !== true) return;
    await this.beforeWriting();
    this.#ledger.write(token, outcome.result.period, this.#replica.memberId);
  }

  get member() {
    return this.#replica.memberId;
  }

  stop() {
    clearInterval(this.#timer);
  }
}

const folder = mkdtempSync(join(tmpdir(), "quorate-cron-"));
const hosts = await Promise.all(
  [1, 2, 3].map((hostId) =>
    createHost({
      environment: nodeEnvironment(),
      directory: join(folder, `${hostId}`),
      clusterId: "cron",
      hostId,
      listenAddress: "127.0.0.1:0",
    }),
  ),
);
const members = hosts.map(({ hostId, address }) => ({ id: hostId, name: `k${hostId}`, address }));
const replicas = await Promise.all(
  hosts.map((host) =>
    host.createGroup({ groupId: 1, machine: schedule(), commands: jsonCodec() }, members),
  ),
);

const ledger = new Ledger();
const crons = replicas.map((replica) => new Cron(replica, ledger));
const until = async (condition) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
};

await until(() => ledger.entries.length >= 5);
const cron = crons.find(({ token }) => token !== 0) ?? crons[ledger.entries[0].member - 1];
const oldLeader = cron.member;
console.log(`Member ${oldLeader} runs the jobs with token ${cron.token}.`);

// The leader hangs in the middle of a job; meanwhile leadership moves on.
let wakeUp;
const asleep = new Promise((resolve) => {
  wakeUp = resolve;
});
const hangs = new Promise((resolve) => {
  cron.beforeWriting = () => {
    resolve();
    return asleep;
  };
});
await hangs;
const heir = members.find(({ id }) => id !== oldLeader).id;
await replicas[oldLeader - 1].transferLeadership(heir, { timeoutMs: 10_000 });
await until(() => ledger.entries.some(({ member }) => member === heir));
console.log(`Member ${oldLeader} hangs in a job; member ${heir} has taken over.`);

wakeUp();
await until(() => ledger.refused.length > 0);
const [late] = ledger.refused;
console.log(`Member ${late.member} wakes up and writes with token ${late.token}: refused.`);

for (const each of crons) each.stop();
const periods = ledger.entries.map(({ period }) => period);
const twice = periods.length - new Set(periods).size;
console.log(`${periods.length} periods were run, ${twice} of them twice.`);

await Promise.all(hosts.map((host) => host.close()));
rmSync(folder, { recursive: true, force: true });
process.exitCode = twice === 0 && late.member === oldLeader ? 0 : 1;
