// node bench/failover.mjs: the leader is killed under load; how long until a write that begins after it is acknowledged?
import { setTimeout as sleep } from "node:timers/promises";
import { prepare } from "../scripts/prepare.mjs";
import { tryPut } from "./lib/gateway.mjs";
import { buildGenerator, generateLoad } from "./lib/generator.mjs";
import { leaderOf } from "./lib/leader.mjs";
import { progress } from "./lib/load.mjs";
import { readOptions } from "./lib/options.mjs";
import { publish } from "./lib/results.mjs";
import { withBothSystems } from "./lib/side-by-side.mjs";
import { format } from "./lib/statistics.mjs";

/** A new write at each survivor this often. */
const PROBE_INTERVAL_MS = 5;
const PROBE_TIMEOUT_MS = 1_000;
const GIVE_UP_MS = 30_000;

const question = "From the leader's death to the next acknowledged write";
const options = readOptions({
  name: "failover",
  question,
  own: [["clients", "<n>   that write all the while"]],
  defaults: { runs: 20, clients: "18", "warm-up-seconds": 5 },
  quick: { runs: 2 },
});
prepare();
buildGenerator();

/** Milliseconds until the first acknowledgement of a write that began after `from`, at any of the survivors. */
async function firstAcknowledged(survivors, from) {
  let acknowledgedMs;
  const probes = new Set();
  for (
    let count = 0;
    acknowledgedMs === undefined && performance.now() - from < GIVE_UP_MS;
    count += 1
  ) {
    for (const member of survivors) {
      const probe = tryPut(member, "probe", `${count}`, PROBE_TIMEOUT_MS).then((isDone) => {
        if (isDone) acknowledgedMs ??= performance.now() - from;
        probes.delete(probe);
      });
      probes.add(probe);
    }
    await sleep(PROBE_INTERVAL_MS);
  }
  await Promise.all(probes);
  return acknowledgedMs ?? Number.POSITIVE_INFINITY;
}

async function killLeader({ cluster }) {
  const leader = await leaderOf(cluster);
  const survivors = cluster.members.filter((member) => member !== leader);
  const load = generateLoad({
    endpoints: survivors.map(({ endpoint }) => endpoint),
    operation: "put",
    clients: Number(options.clients),
    connections: survivors.length,
    seconds: 4,
    keySpace: 1_000,
  });
  // The kill must not keep step with heartbeats.
  await sleep(2_000 + Math.random() * 300);
  const killed = cluster.kill(leader);
  const from = performance.now();
  const outageMs = await firstAcknowledged(survivors, from);
  await killed;
  await load.catch(() => undefined);
  cluster.start(leader);
  await cluster.ready(leader);
  await sleep(500);
  return { outageMs };
}

const measured = await withBothSystems(
  async ({ systems }) => {
    for (const { cluster } of systems) {
      const seconds = Number(options["warm-up-seconds"]);
      await generateLoad({
        endpoints: cluster.endpoints,
        operation: "put",
        clients: 50,
        connections: 5,
        seconds,
      });
    }
    const all = [];
    for (let run = 1; run <= Number(options.runs); run += 1) {
      for (const system of systems) {
        const { outageMs } = await killLeader(system);
        all.push({ case: "default time-outs", system: system.name, run, outageMs });
        progress(`run ${run}, ${system.name}: ${format(outageMs)} ms`);
      }
    }
    return all;
  },
  { only: options.only },
);
const worst = ["quorate", "etcd"].flatMap((system) => {
  const own = measured.filter((each) => each.system === system).map(({ outageMs }) => outageMs);
  return own.length === 0 ? [] : [{ case: "worst", system, run: 1, outageMs: Math.max(...own) }];
});
publish(options.results, "failover", {
  title: question,
  notes: [
    `${options.runs} kills of each with SIGKILL, ${options.clients} writers, election time-out 1 s, heartbeat 100 ms.`,
  ],
  metrics: [{ key: "outageMs", title: "ms" }],
  measured: [...measured, ...worst],
});
