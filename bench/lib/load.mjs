// Questions of the form "how many of these per second": the same load on both systems in turn.
import { buildGenerator, generateLoad } from "./generator.mjs";
import { leaderOf } from "./leader.mjs";
import { machineJiffies } from "./process.mjs";
import { memberCpu } from "./side-by-side.mjs";
import { format } from "./statistics.mjs";

export const progress = (line) => process.stderr.write(`${line}\n`);

/** Endpoints to load: the leader alone, or all members with the leader first (where a single connection goes). */
export async function endpointsOf(cluster, whom) {
  const leader = await leaderOf(cluster);
  if (whom === "leader") return [leader.endpoint];
  return [leader, ...cluster.members.filter((member) => member !== leader)].map(
    ({ endpoint }) => endpoint,
  );
}

/** Brings both systems to a steady state, and puts every key of the key space there. */
export async function warmUp(systems, { seconds, keySpace, valueBytes, operation = "put" }) {
  buildGenerator();
  for (const { name, cluster } of systems) {
    progress(`${name}: filling ${format(keySpace)} keys, then ${seconds} s to warm up …`);
    const endpoints = await endpointsOf(cluster, "all");
    const shared = { endpoints, valueBytes, keySpace, clients: 200, connections: 20 };
    await generateLoad({ ...shared, operation: "fill", total: keySpace, seconds: 600 });
    await generateLoad({ ...shared, operation, seconds });
  }
}

/** One run on one system: the generator's report with the CPU that everybody used per operation. */
export async function measureLoad({ name, cluster }, load, whom) {
  const endpoints = await endpointsOf(cluster, whom);
  const cpuBefore = memberCpu(cluster);
  const machineBefore = machineJiffies();
  const report = await generateLoad({ ...load, endpoints });
  const machine = machineJiffies();
  const used = memberCpu(cluster).map((after, place) => after - cpuBefore[place]);
  const perOperation = (seconds) => (1e6 * seconds) / report.operations;
  if (report.errors > 0) progress(`${name}: ${report.errors} errors, first: ${report.firstError}`);
  const members = used.reduce((sum, seconds) => sum + seconds, 0);
  const busySeconds = (machine.busy - machineBefore.busy) / 100;
  return {
    ...report,
    membersCpuMicroseconds: perOperation(members),
    memberCpuMicroseconds: used.map(perOperation),
    generatorCpuMicroseconds: perOperation(report.generatorCpuSeconds),
    /** Part of the machine's busy time that neither members nor generator account for: other programs, and the kernel's own. */
    foreignPart: Math.max(
      0,
      1 - (members + report.generatorCpuSeconds) / Math.max(busySeconds, 0.01),
    ),
  };
}

/** A B A B …: every case `runs` times on each system. Resolves with one record per run. */
export async function alternate(systems, cases, runs, measure) {
  const measured = [];
  for (const each of cases) {
    for (let run = 1; run <= runs; run += 1) {
      for (const system of systems) {
        const figures = await measure(system, each, run);
        measured.push({ case: each.name, system: system.name, run, ...figures });
        const rate = figures.perSecond === undefined ? "" : `${format(figures.perSecond)} /s`;
        progress(`${each.name}, run ${run}, ${system.name}: ${rate || JSON.stringify(figures)}`);
      }
    }
  }
  return measured;
}

/** What a load is judged by. */
export const LOAD_METRICS = [
  { key: "perSecond", title: "per second" },
  { key: "p50Ms", title: "p50 ms", digits: 2 },
  { key: "p99Ms", title: "p99 ms", digits: 2 },
  { key: "membersCpuMicroseconds", title: "members' CPU µs", digits: 1 },
  { key: "generatorCpuMicroseconds", title: "generator's", digits: 1, ratio: false },
];
