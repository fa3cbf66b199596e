// node bench/profile/put.mjs: where the CPU microseconds of a put or a get go, for the leader and for its followers.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { LocalCluster } from "../../scripts/local-cluster.mjs";
import { fail, prepare, say } from "../../scripts/prepare.mjs";
import { buildGenerator, generateLoad } from "../lib/generator.mjs";
import { leaderOf } from "../lib/leader.mjs";
import { threadCpu } from "../lib/process.mjs";
import { format, table } from "../lib/statistics.mjs";
import { categorize, isNotCounted } from "./categories.mjs";
import { agentArguments, record } from "./record.mjs";

const HELP = `node bench/profile/put.mjs [options]

Runs three members of Quorate under load and prints how many CPU microseconds of one operation each part of a member takes,
on the leader and on a follower (the median of the two), from CPU profiles and the kernel's accounts of every thread.
  --operation <put|range|serializable|txn|mixed>   default put
  --load <clients/connections,…>                   default 1/1,100/10,1000/100
  --endpoints <all|leader>                         who is loaded, default all
  --value-bytes <n>                                default 256
  --seconds <n>                                    length of one recording, default 4
  --warm-up-seconds <n>                            load before the first recording, until the compiler has come to rest; default 15
  --top <n>                                        also the functions that take most, default 0
  --node <flag>                                    a flag for Node, may be repeated
  --json <file>                                    writes every figure
  --keep <folder>                                  keeps the profiles there (for the browser's tools)`;

const PORT = Number(process.env.QUORATE_BENCH_PORT ?? 27_000) + 300;

const { values } = parseArgs({
  options: {
    operation: { type: "string", default: "put" },
    load: { type: "string", default: "1/1,100/10,1000/100" },
    endpoints: { type: "string", default: "all" },
    "value-bytes": { type: "string", default: "256" },
    seconds: { type: "string", default: "4" },
    "warm-up-seconds": { type: "string", default: "15" },
    top: { type: "string", default: "0" },
    node: { type: "string", multiple: true, default: [] },
    json: { type: "string" },
    keep: { type: "string" },
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

const folder = mkdtempSync(join(tmpdir(), "quorate-profile-"));
const profiles = values.keep ?? join(folder, "profiles");
const member = fileURLToPath(new URL("member.mjs", import.meta.url));
const cluster = new LocalCluster({
  program: [process.execPath, ...values.node, ...agentArguments(), member],
  folder: join(folder, "data"),
  basePort: PORT,
  token: "profile",
  extraFlags: [`--quota-backend-bytes=${8 * 1024 ** 3}`],
  env: { QUORATE_PROFILE_FOLDER: profiles },
});

/** Microseconds per operation, by part, of one member. */
function costsOf({ profile, pauses }, threads, operations) {
  const categories = categorize(profile.nodes);
  const sampled = new Map();
  let busy = 0;
  profile.samples.forEach((id, place) => {
    const category = categories.get(id);
    if (category === undefined) return;
    const microseconds = Math.max(0, profile.timeDeltas[place]);
    busy += microseconds;
    sampled.set(category, (sampled.get(category) ?? 0) + microseconds);
  });
  // Samples are of the clock on the wall; the kernel knows how much of it the thread really ran.
  const scale = (1e6 * threads.main) / busy / operations;
  const costs = new Map([...sampled].map(([category, value]) => [category, value * scale]));
  for (const [name, seconds] of threads.others) {
    costs.set(`thread: ${name}`, (1e6 * seconds) / operations);
  }
  return { costs, pausesUs: (1000 * pauses.ms) / operations };
}

function functionsOf({ profile }, threads, operations) {
  const byId = new Map(profile.nodes.map((n) => [n.id, n.callFrame]));
  const self = new Map();
  let busy = 0;
  profile.samples.forEach((id, place) => {
    const frame = byId.get(id);
    if (isNotCounted(frame)) return;
    const { functionName, url, lineNumber } = frame;
    const name = `${functionName || "(anonymous)"} ${url.replace(/^.*\/packages\//, "")}:${lineNumber + 1}`;
    busy += profile.timeDeltas[place];
    self.set(name, (self.get(name) ?? 0) + profile.timeDeltas[place]);
  });
  const scale = (1e6 * threads.main) / busy / operations;
  return [...self].map(([name, us]) => [name, us * scale]).sort((a, b) => b[1] - a[1]);
}

const sum = (costs) => [...costs.values()].reduce((total, value) => total + value, 0);
const mean = (costs, key) =>
  costs.reduce((total, each) => total + (each.get(key) ?? 0), 0) / costs.length;

function generate(endpoints, load, seconds) {
  return generateLoad({
    endpoints,
    operation: values.operation,
    valueBytes: Number(values["value-bytes"]),
    seconds,
    ...load,
  });
}

async function measure(load) {
  const seconds = Number(values.seconds);
  const leader = await leaderOf(cluster);
  const endpoints = values.endpoints === "leader" ? [leader.endpoint] : cluster.endpoints;
  const run = (length) => generate(endpoints, load, length);
  await run(1);
  const pids = cluster.members.map((member) => cluster.pidOf(member));
  const before = pids.map((pid) => threadCpu(pid));
  const { result, recordings } = await record(pids, profiles, () => run(seconds));
  const used = pids.map((pid, place) => threadCpu(pid, before[place]));
  const all = recordings.map((recording, place) =>
    costsOf(recording, used[place], result.operations),
  );
  const place = cluster.members.indexOf(leader);
  const functions = functionsOf(recordings[place], used[place], result.operations);
  const other = (place + 1) % pids.length;
  const followerFunctions = functionsOf(recordings[other], used[other], result.operations);
  return {
    ...result,
    leader: all[place].costs,
    followers: all.filter((_, at) => at !== place).map(({ costs }) => costs),
    pausesUs: all[place].pausesUs,
    functions,
    followerFunctions,
  };
}

function print(load, measured) {
  const { leader, followers, generatorCpuSeconds, operations } = measured;
  const keys = [...new Set([leader, ...followers].flatMap((costs) => [...costs.keys()]))]
    .sort((a, b) => (leader.get(b) ?? 0) - (leader.get(a) ?? 0))
    .filter((key) => (leader.get(key) ?? 0) + mean(followers, key) >= 0.05);
  say();
  say(
    `${values.operation}, ${values["value-bytes"]} B, ${load.clients}/${load.connections}: ${format(measured.perSecond)} /s ` +
      `(profiled), p50 ${format(measured.p50Ms, 2)} ms, generator ${format((1e6 * generatorCpuSeconds) / operations, 1)} µs, ` +
      `members ${format(sum(leader) + followers.reduce((total, costs) => total + sum(costs), 0), 1)} µs in all`,
  );
  say(
    table([
      ["µs per operation", "leader", "follower"],
      ...keys.map((key) => [key, format(leader.get(key) ?? 0, 2), format(mean(followers, key), 2)]),
      [
        "all",
        format(sum(leader), 2),
        format(followers.reduce((t, c) => t + sum(c), 0) / followers.length, 2),
      ],
    ]),
  );
  const top = Number(values.top);
  if (top === 0) return;
  for (const [title, list] of [
    ["leader", measured.functions],
    ["follower", measured.followerFunctions],
  ]) {
    say(
      table([
        [`functions, ${title}`, "µs"],
        ...list.slice(0, top).map(([n, us]) => [n, format(us, 2)]),
      ]),
    );
  }
}

const figures = [];
try {
  cluster.startAll();
  await cluster.allReady();
  const warmUp = { clients: 200, connections: 20 };
  await generate(cluster.endpoints, warmUp, Number(values["warm-up-seconds"]));
  for (const load of loads) {
    const measured = await measure(load);
    print(load, measured);
    figures.push({
      ...load,
      operation: values.operation,
      perSecond: measured.perSecond,
      leader: Object.fromEntries(measured.leader),
      followers: measured.followers.map((costs) => Object.fromEntries(costs)),
    });
  }
} finally {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 1)}\n`);
