// node bench/restart.mjs: a member with many entries is killed; how long from its start to its first serializable read?
import { setTimeout as sleep } from "node:timers/promises";
import { prepare } from "../scripts/prepare.mjs";
import { generatedKey, trySerializableRead } from "./lib/gateway.mjs";
import { buildGenerator, generateLoad } from "./lib/generator.mjs";
import { leaderOf } from "./lib/leader.mjs";
import { alternate, endpointsOf, progress } from "./lib/load.mjs";
import { readOptions } from "./lib/options.mjs";
import { cpuSeconds, residentBytes } from "./lib/process.mjs";
import { publish } from "./lib/results.mjs";
import { withBothSystems } from "./lib/side-by-side.mjs";
import { format } from "./lib/statistics.mjs";

const POLL_MS = 5;
const GIVE_UP_MS = 60_000;

const question = "A member's restart to its first serializable read";
const options = readOptions({
  name: "restart",
  question,
  own: [["entries", "<n>   puts before the first restart"]],
  defaults: { entries: "500000" },
  quick: { entries: "30000" },
});
prepare();
buildGenerator();
const total = Number(options.entries);
const MIB = 2 ** 20;

/** Kills a follower, as a crash would, and starts it again. */
async function restart({ cluster }) {
  const leader = await leaderOf(cluster);
  const member = cluster.members.find((each) => each !== leader);
  await cluster.kill(member);
  const from = performance.now();
  cluster.start(member);
  let readMs;
  while (readMs === undefined && performance.now() - from < GIVE_UP_MS) {
    const pairs = await trySerializableRead(member, generatedKey(total - 1), 1_000);
    if (pairs !== undefined && pairs.length === 1) readMs = performance.now() - from;
    else await sleep(POLL_MS);
  }
  const usedSeconds = cpuSeconds(cluster.pidOf(member));
  await cluster.ready(member);
  await sleep(1_000);
  return {
    readMs: readMs ?? Number.POSITIVE_INFINITY,
    cpuSeconds: usedSeconds,
    residentMib: residentBytes(cluster.pidOf(member)) / MIB,
  };
}

const measured = await withBothSystems(
  async ({ systems }) => {
    for (const { name, cluster } of systems) {
      const endpoints = await endpointsOf(cluster, "all");
      const load = {
        operation: "fill",
        clients: 200,
        connections: 20,
        total,
        valueBytes: 256,
        seconds: 900,
      };
      const { perSecond, errors } = await generateLoad({ endpoints, ...load });
      progress(`${name}: ${format(total)} puts, ${format(perSecond)} /s, ${errors} errors`);
    }
    await sleep(2_000);
    const cases = [{ name: `${format(total)} entries` }];
    return alternate(systems, cases, Number(options.runs), restart);
  },
  { only: options.only },
);
publish(options.results, "restart", {
  title: question,
  notes: ["SIGKILL, then a start with the same data; the read asks for the last key that was put."],
  metrics: [
    { key: "readMs", title: "ms" },
    { key: "cpuSeconds", title: "CPU s", digits: 2 },
    { key: "residentMib", title: "resident MiB" },
  ],
  measured,
});
