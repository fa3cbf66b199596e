// node bench/host/worker.mjs: when a state machine in a worker thread pays. One member with fsync on, so that nothing but the
// machine's place differs; how late its ticks come is what decides over elections in a larger group.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHost } from "@quorate/host";
import { nodeEnvironment, workerMachine } from "@quorate/host/node";
import { say } from "../../scripts/prepare.mjs";
import { format, median, summary, table } from "../lib/statistics.mjs";
import { costlyMachine } from "./costly-machine.mjs";
import { proposeLoad } from "./load.mjs";
import { readOptions } from "./options.mjs";

const HELP = `node bench/host/worker.mjs [options]

  --cost <us,…>         processor time of one command, default 0,10,100,1000,10000
  --in-flight <n>       proposals under way at a time, default 64
  --bytes <n>           size of a command, default 256
  --seconds <n>         length of one run, default 3
  --runs <n>            runs of each, in turn, after a short one to warm up; default 3
  --json <file>         writes every figure`;

const values = readOptions(HELP, {
  cost: { type: "string", default: "0,10,100,1000,10000" },
  "in-flight": { type: "string", default: "64" },
  bytes: { type: "string", default: "256" },
  seconds: { type: "string", default: "3" },
  runs: { type: "string", default: "3" },
});

const TICK_MS = 20;
const WARM_UP_SECONDS = 0.5;
const PORT = 24_680;
const commands = { encode: (bytes) => bytes, decode: (bytes) => bytes };
const places = ["same thread", "worker"];

function machineIn(place, microseconds) {
  if (place === "same thread") return costlyMachine(microseconds);
  const module = new URL("machine-worker.mjs", import.meta.url);
  return workerMachine(module, { workerData: { microseconds } });
}

/** The longest time between two turns of the event loop while `work` runs. */
async function stallDuring(work) {
  let lastMs = performance.now();
  let longestMs = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - lastMs);
    lastMs = now;
  }, 1);
  const result = await work();
  clearInterval(timer);
  // What stalled last may have ended the run before the timer's turn.
  longestMs = Math.max(longestMs, performance.now() - lastMs);
  return { ...result, stallMs: longestMs };
}

async function measure(place, microseconds) {
  const directory = mkdtempSync(join(tmpdir(), "quorate-bench-worker-"));
  const host = await createHost({
    environment: nodeEnvironment(),
    directory,
    clusterId: "bench",
    hostId: 1,
    listenAddress: `127.0.0.1:${PORT}`,
    tickMs: TICK_MS,
  });
  try {
    const replica = await host.createGroup(
      {
        groupId: 1,
        machine: machineIn(place, microseconds),
        commands,
        limits: { requestTimeoutMs: 60_000 },
      },
      [{ id: 1, address: host.address, name: "b1" }],
    );
    const inFlight = Number(values["in-flight"]);
    const load = { inFlight, bytes: Number(values.bytes) };
    await proposeLoad(replica, { ...load, seconds: WARM_UP_SECONDS });
    return await stallDuring(() =>
      proposeLoad(replica, { ...load, seconds: Number(values.seconds) }),
    );
  } finally {
    await host.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

const measured = [];
for (const microseconds of values.cost.split(",").map(Number)) {
  for (let run = 1; run <= Number(values.runs); run += 1) {
    for (const place of places) {
      const result = await measure(place, microseconds);
      measured.push({ place, microseconds, run, ...result });
      const { perSecond, stallMs } = result;
      process.stderr.write(
        `${microseconds} µs, ${place}, run ${run}: ${format(perSecond)} /s, stall ${format(stallMs)} ms\n`,
      );
    }
  }
}

const rows = [
  [
    "µs per command",
    "machine in",
    "per second (range)",
    "p50 ms",
    "p99 ms",
    "longest stall ms (range)",
    "×",
  ],
];
const withRange = ({ median: middle, min, max }) =>
  `${format(middle)} (${format(min)}–${format(max)})`;
for (const microseconds of values.cost.split(",").map(Number)) {
  const of = (place, field) =>
    measured.filter((r) => r.place === place && r.microseconds === microseconds).map(field);
  const rates = places.map((place) => median(of(place, (r) => r.perSecond)));
  for (const place of places) {
    const p50Ms = median(of(place, (r) => r.p50Ms));
    const p99Ms = median(of(place, (r) => r.p99Ms));
    rows.push([
      microseconds,
      place,
      withRange(summary(of(place, (r) => r.perSecond))),
      format(p50Ms, 2),
      format(p99Ms, 2),
      withRange(summary(of(place, (r) => r.stallMs))),
      place === "worker" ? format(rates[1] / rates[0], 2) : "",
    ]);
  }
}
say(
  `One member, ${values["in-flight"]} proposals in flight, medians of ${values.runs}; ×: the worker's rate by the other's`,
);
say(table(rows));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measured, null, 2)}\n`);
