// One member for the benchmarks of the host: a group whose machine does next to nothing, so that what is measured is the
// replicated log. Started by members.mjs.
import { createHost } from "@quorate/host";
import { nodeEnvironment } from "@quorate/host/node";
import { answerQuestions } from "../../drills/lib/asked-process.mjs";
import { fillLog, proposeLoad } from "./load.mjs";

const settings = JSON.parse(process.argv[2]);

/** Counts commands and their bytes, and holds their sum as its state. */
class CountingMachine {
  commands = 0;
  bytes = 0;

  open() {
    return { position: { term: 0, index: 0 }, companion: new Uint8Array(0) };
  }

  apply(batch) {
    const results = new Array(batch.length);
    for (let place = 0; place < batch.length; place += 1) {
      this.commands += 1;
      this.bytes += batch[place].command.length;
      results[place] = this.commands;
    }
    return results;
  }

  query() {
    return this.commands;
  }

  beginSnapshot() {
    const state = new TextEncoder().encode(JSON.stringify([this.commands, this.bytes]));
    async function* chunks() {
      yield state;
    }
    return { chunks, release: () => undefined };
  }

  async restore(_info, chunks) {
    const parts = [];
    for await (const chunk of chunks) parts.push(Buffer.from(chunk));
    [this.commands, this.bytes] = JSON.parse(Buffer.concat(parts).toString());
  }

  async close() {}
}

const commands = { encode: (bytes) => bytes, decode: (bytes) => bytes };

/** Opened or created side by side. */
const GROUPS_AT_A_TIME = 32;

let host;
const replicas = [];

function groupOf(groupId) {
  return {
    groupId,
    machine: new CountingMachine(),
    commands,
    snapshotPolicy: settings.snapshotPolicy,
    limits: settings.limits,
  };
}

async function openOrCreate(groupId) {
  const group = groupOf(groupId);
  return (await host.hasGroup(groupId))
    ? host.openGroup(group)
    : host.createGroup(group, settings.members);
}

answerQuestions({
  /** Creates or opens the host and its groups; resolves with how long it took. */
  async start() {
    const startedMs = performance.now();
    host = await createHost({
      environment: nodeEnvironment(),
      directory: settings.directory,
      clusterId: "bench",
      hostId: settings.id,
      listenAddress: settings.members[settings.id - 1].address,
      tickMs: settings.tickMs,
      balanceLeaders: settings.balanceLeaders,
      logSegmentBytes: settings.logSegmentBytes,
    });
    // Groups are independent of each other: what they sync shares the disk's commits.
    let nextId = 1;
    const open = async () => {
      while (nextId <= settings.groups) {
        const groupId = nextId;
        nextId += 1;
        replicas[groupId - 1] = await openOrCreate(groupId);
      }
    };
    await Promise.all(Array.from({ length: GROUPS_AT_A_TIME }, open));
    return { tookMs: performance.now() - startedMs };
  },
  status() {
    const [replica] = replicas;
    const { core, applied, firstIndex, logBytes, warnings } = replica.status();
    return {
      role: replica.role,
      leader: replica.leader?.id ?? 0,
      term: core.term,
      applied: applied.index,
      last: core.last.index,
      firstIndex,
      logBytes,
      warnings,
      metrics: { ...replica.metrics() },
      host: host.metrics(),
      leads: replicas.filter(({ role }) => role === "leader").length,
      leaderless: replicas.filter(({ leader }) => leader === undefined).length,
    };
  },
  usage({ collect = false }) {
    if (collect) globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
    return { cpuMicroseconds: user + system, rss, heapUsed, external, arrayBuffers };
  },
  /** A read that a majority confirms; resolves when the state is fresh. */
  async read() {
    return replicas[0].query(undefined, { timeoutMs: 600_000 });
  },
  lead: () => replicas[0].transferLeadership(settings.id, { timeoutMs: 10_000 }),
  load: (request) => proposeLoad(replicas[0], request),
  fill: (request) => fillLog(replicas[0], request),
  async stop() {
    await host?.close();
    setImmediate(() => process.exit(0));
  },
});
