// node bench/scaling.mjs: what more cores would give, computed from what each thread was seen to use.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepare, say } from "../scripts/prepare.mjs";
import { buildGenerator, generateLoad } from "./lib/generator.mjs";
import { leaderOf } from "./lib/leader.mjs";
import { endpointsOf, progress } from "./lib/load.mjs";
import { readLoads, readNumbers, readOptions } from "./lib/options.mjs";
import { threadCpu } from "./lib/process.mjs";
import { boundApart, boundOf, handOver } from "./lib/scaling.mjs";
import { systemsOf, withCluster, withFolder } from "./lib/side-by-side.mjs";
import { format, table } from "./lib/statistics.mjs";

const options = readOptions({
  name: "scaling",
  question: `What more cores would give. Loads three members, reads from the kernel what each thread used for one put, and computes
the largest rate at which no thread needs more than one core and all together no more than there are. "Fronts" are threads
that would take a member's clients (HTTP/2 and codec) off its main thread: what such work costs is taken from reads of a key
that is not there, which do little else.`,
  own: [
    ["load", "<clients/connections,…>"],
    ["cores", "<n,…>          for which to compute"],
    ["fronts", "<n>            threads that would serve a member's clients"],
    ["hop", "<µs>            CPU of handing a batch to another thread, on each side"],
  ],
  defaults: { load: "100/10,1000/100", cores: "1,2,4,8,32", fronts: "2", hop: "15" },
  quick: { load: "100/10" },
});

/** CPU seconds that one operation takes, by thread; threads that share a name are one pool. */
async function measure(cluster, load, operation) {
  const leader = await leaderOf(cluster);
  const endpoints = await endpointsOf(cluster, "all");
  const before = cluster.members.map((member) => threadCpu(cluster.pidOf(member)));
  const report = await generateLoad({
    ...load,
    operation,
    endpoints,
    seconds: Number(options.seconds),
  });
  let followers = 0;
  const members = cluster.members.map((member, place) => {
    const { main, others } = threadCpu(cluster.pidOf(member), before[place]);
    if (member !== leader) followers += 1;
    const name = member === leader ? "leader" : `follower ${followers}`;
    const rest = [...others.values()].reduce((sum, seconds) => sum + seconds, 0);
    return { name, main: main / report.operations, rest: rest / report.operations };
  });
  const leaderFirst = [
    ...members.filter(({ name }) => name === "leader"),
    ...members.filter(({ name }) => name !== "leader"),
  ];
  return {
    ...report,
    members: leaderFirst,
    generator: report.generatorCpuSeconds / report.operations,
  };
}

/** A pool (disk, store, collector) and the generator can use many cores: as many threads as it takes not to bound. */
const manyThreads = (name, seconds) =>
  Array.from({ length: 32 }, (_, at) => [`${name} ${at + 1}`, seconds / 32]);

const threadsOf = ({ name, main, rest }) => [
  [`${name}, main thread`, main],
  ...manyThreads(`${name}, pool`, rest),
];

/** Puts that arrive at a member together share a hand-over. */
function withFronts(member, front, putsTogether) {
  return handOver(threadsOf(member), `${member.name}, main thread`, {
    seconds: Math.min(front, member.main * 0.9),
    hopSeconds: (Number(options.hop) * 1e-6) / putsTogether,
    workers: Number(options.fronts),
  });
}

function rowsFor(put, read) {
  const front = read.members.reduce((sum, { main }) => sum + main, 0) / read.members.length;
  const generator = manyThreads("generator", put.generator);
  const now = put.members.map(threadsOf);
  // A hand-over carries what one read of a socket brings: about the clients of one connection.
  const together = Math.max(1, put.clients / put.connections / 2);
  const fronted = put.members.map((member) => withFronts(member, front, together));
  return readNumbers(options.cores).map((cores) => {
    const one = boundOf([...now.flat(), ...generator], cores);
    const split = boundOf([...fronted.flat(), ...generator], cores);
    const apart = boundApart(now, cores);
    const both = boundApart(fronted, cores);
    return [cores, one, split, apart, both];
  });
}

const microseconds = (seconds) => format(seconds * 1e6, 1);
const cell = ({ perSecond, boundBy }) => `${format(perSecond)} (${boundBy})`;

prepare();
buildGenerator();
const [quorate] = systemsOf({ only: "quorate" });
const results = await withFolder((folder) =>
  withCluster({ ...quorate, folder: join(folder, "data") }, async (cluster) => {
    const shared = { endpoints: await endpointsOf(cluster, "all"), clients: 200, connections: 20 };
    const seconds = Number(options["warm-up-seconds"]);
    for (const operation of ["put", "serializable"]) {
      progress(`${operation}: ${seconds} s to warm up …`);
      await generateLoad({ ...shared, operation, seconds });
    }
    const measured = [];
    for (const load of readLoads(options.load)) {
      const put = { ...load, ...(await measure(cluster, load, "put")) };
      const read = await measure(cluster, load, "serializable");
      measured.push({ load, put, read });
    }
    return measured;
  }),
);

const figures = [];
for (const { load, put, read } of results) {
  const name = `${load.clients}/${load.connections}`;
  say(`\nput ${name}: ${format(put.perSecond)} /s seen on this machine; CPU of one put in µs`);
  say(
    table([
      ["member", "main thread", "other threads"],
      ...put.members.map((each) => [each.name, microseconds(each.main), microseconds(each.rest)]),
      ["generator", "", microseconds(put.generator)],
    ]),
  );
  const rows = rowsFor(put, read);
  say("\nat most, per second, and what bounds it");
  say(
    table([
      ["cores", "one machine", "with fronts", "machines of their own", "with fronts"],
      ...rows.map(([cores, ...bounds]) => [cores, ...bounds.map(cell)]),
    ]),
  );
  figures.push({ load, put, read, rows });
}
mkdirSync(options.results, { recursive: true });
writeFileSync(join(options.results, "scaling.json"), `${JSON.stringify(figures, null, 1)}\n`);
