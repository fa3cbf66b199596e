// node bench/host/propose.mjs: durable proposals per second from inside the leader's process; three members, each its own
// process, fsync on. With --beside-etcd, etcd's puts of the same size in turn with it.
import { writeFileSync } from "node:fs";
import { say } from "../../scripts/prepare.mjs";
import { buildGenerator, generateLoad } from "../lib/generator.mjs";
import { memberCpu, withBothSystems } from "../lib/side-by-side.mjs";
import { format, median, summary, table } from "../lib/statistics.mjs";
import { HostMembers } from "./members.mjs";
import { readOptions } from "./options.mjs";

const HELP = `node bench/host/propose.mjs [options]

  --in-flight <n,…>     proposals under way at a time, default 1,64,100,1000,1024
  --bytes <n,…>         size of a command, default 16,256
  --seconds <n>         length of one run, default 3
  --runs <n>            runs of each, after a short one to warm up; default 3
  --beside-etcd         etcd's put in turn, with as many clients as proposals are in flight
  --profile <folder>    writes a CPU profile of each member there (1.cpuprofile is the leader)
  --json <file>         writes every figure`;

const values = readOptions(HELP, {
  "in-flight": { type: "string", default: "1,64,100,1000,1024" },
  bytes: { type: "string", default: "16,256" },
  seconds: { type: "string", default: "3" },
  runs: { type: "string", default: "3" },
  "beside-etcd": { type: "boolean", default: false },
  profile: { type: "string" },
});
const numbers = (text) => text.split(",").map(Number);
const seconds = Number(values.seconds);
const runs = Number(values.runs);

if (values["beside-etcd"]) buildGenerator();

const WARM_UP_SECONDS = 1;

async function measureHost(members, load) {
  const followers = members.members.filter(({ id }) => id !== 1).map(({ id }) => members.of(id));
  const cpuOf = async (child) => (await child.ask("usage")).cpuMicroseconds;
  const before = await Promise.all(followers.map(cpuOf));
  const report = await members.of(1).ask("load", load);
  const after = await Promise.all(followers.map(cpuOf));
  const used = after.map((microseconds, place) => microseconds - before[place]);
  return {
    ...report,
    leaderCpu: report.cpuMicroseconds / report.operations,
    followerCpu: median(used) / report.operations,
  };
}

async function measureEtcd(cluster, { inFlight, bytes, seconds: length }) {
  const before = memberCpu(cluster);
  const report = await generateLoad({
    endpoints: cluster.endpoints,
    operation: "put",
    clients: inFlight,
    connections: Math.max(1, Math.round(inFlight / 10)),
    seconds: length,
    valueBytes: bytes,
  });
  const used = memberCpu(cluster).map(
    (after, place) => (1e6 * (after - before[place])) / report.operations,
  );
  const leaderCpu = Math.max(...used);
  const followerCpu = (used.reduce((sum, cpu) => sum + cpu, 0) - leaderCpu) / (used.length - 1);
  return { ...report, leaderCpu, followerCpu };
}

async function measureAll(etcd) {
  const members = new HostMembers({ profileFolder: values.profile });
  const measured = [];
  try {
    await members.startAll();
    await members.leader();
    await members.of(1).ask("lead");
    for (const bytes of numbers(values.bytes)) {
      for (const inFlight of numbers(values["in-flight"])) {
        for (let run = 0; run <= runs; run += 1) {
          const load = { inFlight, bytes, seconds: run === 0 ? WARM_UP_SECONDS : seconds };
          const results = [["quorate", await measureHost(members, load)]];
          if (etcd !== undefined) results.push(["etcd", await measureEtcd(etcd, load)]);
          for (const [system, result] of results) {
            if (result.errors > 0) say(`${system}: ${result.errors} errors`);
            if (run > 0) measured.push({ system, run, inFlight, bytes, ...result });
          }
          const rates = results.map(([system, { perSecond }]) => `${system} ${format(perSecond)}`);
          process.stderr.write(
            `${bytes} B, ${inFlight} in flight, run ${run}: ${rates.join(", ")} /s\n`,
          );
        }
      }
    }
  } finally {
    await members.stop();
  }
  return measured;
}

function rowsOf(measured) {
  const rows = [
    [
      "bytes",
      "in flight",
      "system",
      "per second (range)",
      "p50 ms",
      "p99 ms",
      "CPU µs: leader",
      "follower",
      "per append",
      "append ms",
      "×",
    ],
  ];
  for (const bytes of numbers(values.bytes)) {
    for (const inFlight of numbers(values["in-flight"])) {
      const of = (system, field) =>
        measured
          .filter((r) => r.system === system && r.bytes === bytes && r.inFlight === inFlight)
          .map(field);
      for (const system of ["quorate", "etcd"]) {
        const rates = of(system, (r) => r.perSecond);
        if (rates.length === 0) continue;
        const { median: rate, min, max } = summary(rates);
        const others = of("etcd", (r) => r.perSecond);
        rows.push([
          bytes,
          inFlight,
          system,
          `${format(rate)} (${format(min)}–${format(max)})`,
          format(median(of(system, (r) => r.p50Ms)), 2),
          format(median(of(system, (r) => r.p99Ms)), 2),
          format(median(of(system, (r) => r.leaderCpu)), 1),
          format(median(of(system, (r) => r.followerCpu)), 1),
          format(median(of(system, (r) => r.perAppend ?? Number.NaN)), 1),
          format(median(of(system, (r) => r.appendMs ?? Number.NaN)), 2),
          system === "quorate" && others.length > 0 ? format(rate / median(others), 1) : "",
        ]);
      }
    }
  }
  return rows;
}

const measured = values["beside-etcd"]
  ? await withBothSystems(({ systems }) => measureAll(systems[0].cluster), { only: "etcd" })
  : await measureAll(undefined);
say(
  "Proposals from inside the leader's process; three members as processes on one machine, fsync on",
);
say(table(rowsOf(measured)));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measured, null, 1)}\n`);
