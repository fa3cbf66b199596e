// node bench/put.mjs: puts (or ranges) per second through unmodified gRPC, Quorate beside etcd, same generator, one run.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { fail, prepare, say } from "../scripts/prepare.mjs";
import { buildGenerator, generateLoad } from "./lib/generator.mjs";
import { memberCpu, withBothSystems } from "./lib/side-by-side.mjs";
import { format, median, summary, table } from "./lib/statistics.mjs";

const HELP = `node bench/put.mjs [options]

Runs the same load against three members of Quorate and of etcd, alternately, and prints medians and ratios.
  --operation <put|range|serializable|txn|mixed>   default put
  --load <clients/connections,…>                   default 1/1,10/1,100/10,1000/100
  --value-bytes <n>                                default 256
  --seconds <n>                                    length of one run, default 5
  --runs <n>                                       runs of each system, default 5
  --only <quorate|etcd>                            no comparison
  --json <file>                                    writes every figure`;

const { values } = parseArgs({
  options: {
    operation: { type: "string", default: "put" },
    load: { type: "string", default: "1/1,10/1,100/10,1000/100" },
    "value-bytes": { type: "string", default: "256" },
    seconds: { type: "string", default: "5" },
    runs: { type: "string", default: "5" },
    only: { type: "string" },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  say(HELP);
  process.exit(0);
}
const loads = values.load.split(",").map((text) => {
  const [clients, connections] = text.split("/").map(Number);
  if (!Number.isInteger(clients) || !Number.isInteger(connections)) {
    fail(`--load wants clients/connections such as 100/10, not "${text}".`, 2);
  }
  return { clients, connections };
});

prepare();
buildGenerator();

const results = await withBothSystems(
  async ({ systems }) => {
    const measured = [];
    for (const load of loads) {
      for (let run = 0; run <= Number(values.runs); run += 1) {
        for (const { name, cluster } of systems) {
          const before = memberCpu(cluster);
          const report = await generateLoad({
            endpoints: cluster.endpoints,
            operation: values.operation,
            seconds: run === 0 ? 1 : Number(values.seconds),
            valueBytes: Number(values["value-bytes"]),
            ...load,
          });
          if (report.errors > 0)
            say(`${name}: ${report.errors} errors, first: ${report.firstError}`);
          if (run === 0) continue; // The first, short run only warms both systems up.
          const used = memberCpu(cluster).map((after, place) => after - before[place]);
          const perOperation = (seconds) => (1e6 * seconds) / report.operations;
          measured.push({
            system: name,
            run,
            ...report,
            memberCpuMicroseconds: used.map(perOperation),
            generatorCpuMicroseconds: perOperation(report.generatorCpuSeconds),
          });
          process.stderr.write(
            `${name} ${load.clients}/${load.connections} run ${run}: ${format(report.perSecond)} /s\n`,
          );
        }
      }
    }
    return measured;
  },
  { only: values.only },
);

const of = (system, load, field) =>
  results
    .filter(
      (r) =>
        r.system === system && r.clients === load.clients && r.connections === load.connections,
    )
    .map(field);
const rows = [
  [
    "clients/connections",
    "system",
    "per second (range)",
    "p50 ms",
    "p99 ms",
    "CPU µs/op: members",
    "generator",
    "throughput ×",
    "p99 ×",
  ],
];
for (const load of loads) {
  for (const system of ["quorate", "etcd"]) {
    const rates = of(system, load, (r) => r.perSecond);
    if (rates.length === 0) continue;
    const { median: rate, min, max } = summary(rates);
    const p99 = median(of(system, load, (r) => r.p99Ms));
    const other = of("etcd", load, (r) => r.perSecond);
    const compared = system === "quorate" && other.length > 0;
    rows.push([
      `${load.clients}/${load.connections}`,
      system,
      `${format(rate)} (${format(min)}–${format(max)})`,
      format(median(of(system, load, (r) => r.p50Ms)), 2),
      format(p99, 2),
      format(median(of(system, load, (r) => r.memberCpuMicroseconds.reduce((a, b) => a + b, 0)))),
      format(median(of(system, load, (r) => r.generatorCpuMicroseconds))),
      compared ? format(rate / median(other), 2) : "",
      compared ? format(p99 / median(of("etcd", load, (r) => r.p99Ms)), 2) : "",
    ]);
  }
}
say(
  `${values.operation}, ${values["value-bytes"]} B, three members and the generator on one machine, fsync on, all members loaded`,
);
say(table(rows));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 1)}\n`);
