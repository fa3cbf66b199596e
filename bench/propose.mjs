// node bench/propose.mjs: durable proposals from inside the leader's process, beside etcd's puts with as many clients.
import { prepare } from "../scripts/prepare.mjs";
import { HostMembers } from "./host/members.mjs";
import { alternate, measureLoad, progress, warmUp } from "./lib/load.mjs";
import { readNumbers, readOptions } from "./lib/options.mjs";
import { publish } from "./lib/results.mjs";
import { withBothSystems } from "./lib/side-by-side.mjs";

const question = "Durable proposals from inside the leader's process, beside etcd's puts";
const options = readOptions({
  name: "propose",
  question,
  own: [
    ["in-flight", "<n,…>   proposals under way at a time, and etcd's clients"],
    ["value-bytes", "<n>   of a command, and of etcd's values"],
  ],
  defaults: { "in-flight": "1,100,1000", "value-bytes": "256" },
  quick: { "in-flight": "100,1000" },
});
prepare();
const bytes = Number(options["value-bytes"]);
const seconds = Number(options.seconds);
const warmUpSeconds = Number(options["warm-up-seconds"]);

async function measureHost(members, inFlight) {
  const followers = members.members.filter(({ id }) => id !== 1).map(({ id }) => members.of(id));
  const usage = () => Promise.all(followers.map((child) => child.ask("usage")));
  const before = await usage();
  const report = await members.of(1).ask("load", { inFlight, bytes, seconds });
  const after = await usage();
  if (report.errors > 0) progress(`quorate: ${report.errors} errors`);
  const followersCpu = after.reduce(
    (sum, { cpuMicroseconds }, place) => sum + cpuMicroseconds - before[place].cpuMicroseconds,
    0,
  );
  const membersCpuMicroseconds = (report.cpuMicroseconds + followersCpu) / report.operations;
  return { ...report, membersCpuMicroseconds };
}

const measureEtcd = (system, inFlight) =>
  measureLoad(
    system,
    {
      operation: "put",
      clients: inFlight,
      connections: Math.max(1, Math.round(inFlight / 10)),
      seconds,
      valueBytes: bytes,
    },
    "leader",
  );

async function measureBoth(etcd) {
  const members = new HostMembers({ basePort: 27_250 });
  try {
    if (options.only !== "etcd") {
      await members.startAll();
      await members.leader();
      await members.of(1).ask("lead");
      await members.of(1).ask("load", { inFlight: 200, bytes, seconds: warmUpSeconds });
    }
    await warmUp(etcd, {
      seconds: Math.min(5, warmUpSeconds),
      keySpace: 10_000,
      valueBytes: bytes,
    });
    const systems = [...(options.only === "etcd" ? [] : [{ name: "quorate" }]), ...etcd];
    const cases = readNumbers(options["in-flight"]).map((inFlight) => ({
      name: `${inFlight} in flight`,
      inFlight,
    }));
    return await alternate(systems, cases, Number(options.runs), (system, { inFlight }) =>
      system.name === "etcd" ? measureEtcd(system, inFlight) : measureHost(members, inFlight),
    );
  } finally {
    await members.stop();
  }
}

const measured =
  options.only === "quorate"
    ? await measureBoth([])
    : await withBothSystems(({ systems }) => measureBoth(systems), { only: "etcd" });
publish(options.results, "propose", {
  title: `${question} (${bytes} B)`,
  notes: [
    "Quorate: three member processes, the load inside the leader's. etcd: three members, the generator outside.",
  ],
  metrics: [
    { key: "perSecond", title: "per second" },
    { key: "p50Ms", title: "p50 ms", digits: 2 },
    { key: "p99Ms", title: "p99 ms", digits: 2 },
    { key: "membersCpuMicroseconds", title: "members' CPU µs", digits: 1 },
  ],
  measured,
});
