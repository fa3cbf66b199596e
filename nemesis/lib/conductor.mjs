// One run from the first start of a member to the last read: chaos in stretches, calm in between, everything remembered.
import { Client } from "@quorate/client";
import { HistoryLog } from "./clients/history.mjs";
import { NETWORK_FAULTS } from "./faults/network-faults.mjs";
import { OPERATION_FAULTS, removeSpare } from "./faults/operation-faults.mjs";
import { PROCESS_FAULTS } from "./faults/process-faults.mjs";
import { BARRIER_KEY, isSuspicious } from "./judge.mjs";
import { Monitor } from "./monitor.mjs";
import { Schedule } from "./schedule.mjs";
import { Traffic } from "./traffic.mjs";
import { World } from "./world.mjs";

const FAULTS = { ...PROCESS_FAULTS, ...NETWORK_FAULTS, ...OPERATION_FAULTS };

/** Chaos goes on for so long before everything is healed and looked at. */
const STRETCH_MS = 45_000;
/** With a planted mistake the run ends as soon as it is found: it is looked for more often. */
const PLANTED_STRETCH_MS = 12_000;
/**
 * A healed cluster serves within an election or two; a busy machine may need a hundred times as long. What serves not even
 * then does not serve.
 */
const HEAL_TIMEOUT_MS = 60_000;
const START_TIMEOUT_MS = 60_000;
const LOOK_INTERVAL_MS = 100;

/** Far above what members need (about 120 MB and 60 MB): growth without end is what they are to show. */
export const CEILINGS = { memoryBytesMax: 600 * 1024 ** 2, diskBytesMax: 400 * 1024 ** 2 };

export class Conductor {
  surprises = [];
  stalls = [];
  states = [];
  healings = 0;
  #options;
  #say;
  #barriers = 0;

  /** `cluster` and `network` are open; `say` tells the user a line. */
  constructor({ cluster, network, means, options, kinds, owner, say }) {
    this.#options = options;
    this.#say = say;
    this.cluster = cluster;
    this.log = new HistoryLog();
    this.world = new World({
      cluster,
      network,
      means,
      owner,
      nowMs: () => this.log.elapsedMs,
      answered: () => this.log.outcomes.ok,
    });
    this.schedule = new Schedule(options.seed, kinds);
  }

  /** A member ended by itself. */
  memberEnded(member, code, signal, lines) {
    if (member.mayEnd || this.world.isStopping) return;
    this.surprises.push(
      `${member.name} ended by itself (${signal ?? code}): ${lines.at(-1) ?? ""}`,
    );
  }

  get hasFailed() {
    return this.surprises.length > 0 || this.stalls.length > 0;
  }

  async run() {
    const { cluster, log, world } = this;
    cluster.startFounders();
    await Promise.all(cluster.founders.map((member) => cluster.ready(member, START_TIMEOUT_MS)));
    log.begin();
    // Not the world's pauses, which end at once when the run is interrupted: what looks and asks goes on until it is told.
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const founders = cluster.founders.map(({ endpoint }) => endpoint);
    const endpoints = [...founders, cluster.spare.endpoint];
    this.admin = new Client({ endpoints, timeoutMs: 3_000, connectTimeoutMs: 700 });
    const nowMs = () => log.elapsedMs;
    this.monitor = new Monitor({ cluster, admin: this.admin, nowMs, pause });
    const { seed, rate, clients } = this.#options;
    this.traffic = new Traffic({ endpoints: founders, seed, rate, clients, log, pause });
    world.attach({ admin: this.admin, monitor: this.monitor, chronicle: this.traffic.chronicle });
    this.traffic.start((error) => this.surprises.push(`a client: ${error.stack ?? error}`));
    await this.#chaos();
    await this.traffic.quiet();
    if (!world.isStopping || !this.hasFailed) await this.#lookBack();
    this.lengthMs = log.elapsedMs;
    this.proxyCounts = await world.network.counts();
    world.stop();
    await this.monitor.stop();
    await this.traffic.close();
    this.admin.close();
  }

  /** Ctrl-C: what is remembered so far is judged. */
  interrupt() {
    this.world.stop();
  }

  async #chaos() {
    const { log, world } = this;
    const untilMs = log.elapsedMs + this.#options.lengthMs;
    const isPlanted = this.#options.patch !== undefined;
    const stretchMs = isPlanted ? PLANTED_STRETCH_MS : STRETCH_MS;
    while (log.elapsedMs < untilMs && !world.isStopping && !this.hasFailed) {
      const lengthMs = Math.min(stretchMs, untilMs - log.elapsedMs);
      await this.#stretch(this.schedule.stretch(lengthMs), lengthMs);
      await this.#calm();
      this.#tell();
      if (isPlanted && isSuspicious(this.memories, this.traffic.chronicle.revision)) return;
    }
  }

  /** The lanes at the same time, each step by step; a lane that is late leaves out what would begin after the end. */
  async #stretch(steps, lengthMs) {
    const { log, world } = this;
    const fromMs = log.elapsedMs;
    const lanes = byLane(steps);
    await Promise.all(
      [...lanes.values()].map(async (own) => {
        for (const step of own) {
          await world.pause(step.atMs - (log.elapsedMs - fromMs));
          if (world.isStopping || this.hasFailed || log.elapsedMs - fromMs > lengthMs) return;
          await this.#inject(step);
        }
      }),
    );
  }

  async #inject(step) {
    try {
      await FAULTS[step.kind](this.world, step);
    } catch (error) {
      this.surprises.push(`the fault ${step.kind} could not be made: ${error.stack ?? error}`);
    }
  }

  /** Everything is healed; the cluster must serve through every member, and all members must hold the same. */
  async #calm() {
    const { cluster, world } = this;
    for (const member of cluster.founders) {
      cluster.signal(member, "SIGCONT");
      member.shim?.clear();
      member.clock?.set(0);
      if (!cluster.isRunning(member)) cluster.start(member);
    }
    if (world.isStopping) return;
    this.healings += 1;
    const fromMs = performance.now();
    if (!(await removeSpare(world, HEAL_TIMEOUT_MS))) {
      this.stalls.push("a member that joined could not be removed after everything was healed");
    }
    const revision = await this.#serves(fromMs + HEAL_TIMEOUT_MS);
    if (revision === undefined) return;
    await this.#compareStates(revision, fromMs + 2 * HEAL_TIMEOUT_MS);
  }

  /** Writes through each founder. Resolves with a revision that every member will reach. */
  async #serves(untilMs) {
    let revision = 0;
    for (const { name, endpoint } of this.cluster.founders) {
      const client = new Client({ endpoints: [endpoint], timeoutMs: 2_000, connectTimeoutMs: 500 });
      const answer = await this.#until(untilMs, () => {
        this.#barriers += 1;
        return client.put(BARRIER_KEY, `${this.#barriers}`);
      });
      client.close();
      if (answer === undefined) {
        this.stalls.push(`${name} took no write within ${HEAL_TIMEOUT_MS} ms of healing`);
        return undefined;
      }
      revision = Math.max(revision, answer.header.revision);
    }
    return revision;
  }

  async #compareStates(revision, untilMs) {
    for (const { name, endpoint } of this.cluster.founders) {
      const answer = await this.#until(untilMs, async () => {
        const { header } = await this.admin.status(endpoint, { timeoutMs: 1_000 });
        if (header.revision < revision) return undefined;
        return this.admin.maintenance.hash(revision, { at: endpoint, timeoutMs: 2_000 });
      });
      if (answer === undefined) this.stalls.push(`${name} did not reach revision ${revision}`);
      else this.states.push({ where: name, revision, hash: String(answer.hash) });
    }
  }

  /** Asks until there is an answer; undefined when there was none in time. */
  async #until(untilMs, ask) {
    while (performance.now() < untilMs) {
      try {
        const answer = await ask();
        if (answer !== undefined) return answer;
      } catch (error) {
        if (error?.outcome === undefined) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
    }
    return undefined;
  }

  /** After the last operation: every key is read once more, and feed and watchers must have come to the end. */
  async #lookBack() {
    const { cluster, log, traffic } = this;
    const untilMs = performance.now() + HEAL_TIMEOUT_MS;
    const revision = await this.#serves(untilMs);
    if (revision === undefined) return;
    await this.#compareStates(revision, untilMs);
    for (const { name, endpoint } of cluster.founders) await this.#readAll(name, endpoint, log);
    const hasAll = await this.#until(
      untilMs,
      () => traffic.chronicle.revision >= revision || undefined,
    );
    if (hasAll === undefined) {
      const why = traffic.chronicle.failure?.message ?? "";
      this.stalls.push(`the change feed did not reach revision ${revision} ${why}`);
    }
    for (const watcher of traffic.watchers) {
      const newest = traffic.chronicle.revisions.findLast(({ changes }) =>
        changes.some(({ key }) => watcher.wants(key)),
      );
      const done = await this.#until(
        untilMs,
        () => watcher.next > (newest?.revision ?? 0) || undefined,
      );
      if (done === undefined) {
        this.stalls.push(
          `${watcher.name} wants ${watcher.next} and not more, there is ${newest?.revision}`,
        );
      }
    }
  }

  /** What a member holds at the end, as one more read of every key. */
  async #readAll(name, endpoint, log) {
    const client = new Client({ endpoints: [endpoint], timeoutMs: 10_000 });
    const open = log.call({ client: 0, id: `all of ${name}`, kind: "read", changes: [] });
    try {
      const { header, kvs } = await client.get("", { prefix: true });
      const observed = kvs
        .map(({ key, value }) => [Buffer.from(key).toString(), Buffer.from(value).toString()])
        .filter(([key]) => !key.startsWith("quorate/"))
        .map(([key, value]) => ({ key, value, equal: true }));
      open.answered({ revision: header.revision, changes: [], observed });
    } catch (error) {
      HistoryLog.close(open, error);
      this.stalls.push(`${name} could not be read at the end: ${error.message}`);
    } finally {
      client.close();
    }
  }

  #tell() {
    const { log, world } = this;
    const { ok, refused, unknown } = log.outcomes;
    const seconds = Math.round(log.elapsedMs / 1_000);
    this.#say(
      `  ${seconds} s: ${world.faults.length} faults, ${ok} operations answered, ${refused} refused, ${unknown} unknown`,
    );
  }

  /** All that the judge needs, and the report. */
  get memories() {
    const { log, traffic, world } = this;
    return {
      entries: log.entries,
      registers: log.registerOperations,
      revisions: traffic.chronicle.revisions,
      sessions: traffic.sessionClients.map(({ key, outcomes }) => ({ key, outcomes })),
      appends: traffic.keyClients.flatMap(({ appends }) => appends),
      watches: traffic.watchers.flatMap(({ records }) => records),
      leases: traffic.leaseClients.flatMap(({ records }) => records),
      states: this.states,
      sizes: this.monitor.sizes,
      ceilings: CEILINGS,
      healings: this.healings,
      stalls: this.stalls,
      faults: world.faults.length,
      surprises: this.surprises,
    };
  }
}

function byLane(steps) {
  const lanes = new Map();
  for (const step of steps) lanes.set(step.lane, [...(lanes.get(step.lane) ?? []), step]);
  return lanes;
}
