// What one entry costs in three cores in one thread: proposed, replicated, committed and applied on all of them.
//   node bench/core/run.mjs            speed and allocation, by batch and payload
//   node bench/core/run.mjs --profile  share of the time by file
// Build first: npx tsc -b packages/core
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { batchOf, SHAPES, Trio } from "./trio.mjs";

const RUNS = 5;
/** Long enough for the optimizer, short enough for patience. */
const RUN_MS = 1_000;
const ALLOCATION_ENTRIES = 20_000;

const self = fileURLToPath(import.meta.url);
const [mode, ...rest] = process.argv.slice(2);

if (mode === "--allocate") allocate(Number(rest[0]), Number(rest[1]));
else if (mode === "--work") work(Number(rest[0]), Number(rest[1]));
else if (mode === "--profile") profile();
else table();

function table() {
  console.log(`node ${process.version}, median of ${RUNS} runs of ${RUN_MS} ms [fastest–slowest]`);
  console.log(
    "| entries per batch | payload | entries/s | µs per entry | bytes allocated per entry |",
  );
  console.log("|---|---|---|---|---|");
  for (const [entries, bytes] of SHAPES) {
    const rates = measure(entries, bytes);
    const median = rates[Math.floor(RUNS / 2)];
    const us = (rate) => (1e6 / rate).toFixed(2);
    const allocated = inChild(
      ["--min-semi-space-size=1024", "--max-semi-space-size=1024", "--expose-gc"],
      "--allocate",
      entries,
      bytes,
    );
    console.log(
      `| ${entries} | ${bytes} B | ${Math.round(median).toLocaleString("en")} | ${us(median)} [${us(rates.at(-1))}–${us(rates[0])}] | ${allocated} |`,
    );
  }
}

/** Entries per second of CPU time, collections included, slowest first: other work on the machine counts less so. */
function measure(entries, bytes) {
  const batch = batchOf(entries, bytes);
  const trio = new Trio();
  const run = (ms) => {
    const begin = performance.now();
    const before = process.cpuUsage();
    let done = 0;
    while (performance.now() - begin < ms) {
      for (let i = 0; i < 16; i++) trio.write(batch);
      done += 16 * entries;
    }
    const { user, system } = process.cpuUsage(before);
    return (done / (user + system)) * 1e6;
  };
  run(RUN_MS);
  return Array.from({ length: RUNS }, () => run(RUN_MS)).sort((a, b) => a - b);
}

/** Without a collection in between, the heap grows by what was allocated. */
function allocate(entries, bytes) {
  const batch = batchOf(entries, bytes);
  const trio = new Trio();
  const rounds = Math.ceil(ALLOCATION_ENTRIES / entries);
  for (let i = 0; i < rounds; i++) trio.write(batch);
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < rounds; i++) trio.write(batch);
  console.log(Math.round((process.memoryUsage().heapUsed - before) / (rounds * entries)));
}

function work(entries, bytes) {
  const batch = batchOf(entries, bytes);
  const trio = new Trio();
  const begin = performance.now();
  while (performance.now() - begin < 4 * RUN_MS) trio.write(batch);
}

function inChild(flags, ...args) {
  const child = spawnSync(process.execPath, [...flags, self, ...args.map(String)], {
    encoding: "utf8",
  });
  if (child.status !== 0) throw new Error(child.stderr);
  return child.stdout.trim();
}

function profile() {
  for (const [entries, bytes] of [
    [1, 256],
    [64, 256],
    [1000, 256],
  ]) {
    const folder = mkdtempSync(join(tmpdir(), "quorate-core-"));
    inChild(["--cpu-prof", `--cpu-prof-dir=${folder}`], "--work", entries, bytes);
    const [file] = readdirSync(folder);
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), "utf8"));
    rmSync(folder, { recursive: true });
    const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
    const times = new Map();
    let total = 0;
    samples.forEach((sample, at) => {
      const place = places.get(sample);
      times.set(place, (times.get(place) ?? 0) + timeDeltas[at]);
      total += timeDeltas[at];
    });
    console.log(`\n${entries} per batch, ${bytes} B:`);
    const sorted = [...times].sort(([, a], [, b]) => b - a).slice(0, 20);
    for (const [place, time] of sorted) {
      console.log(`  ${((100 * time) / total).toFixed(1).padStart(5)} %  ${place}`);
    }
  }
}

function placeOf({ url, functionName }) {
  if (url === "") return functionName;
  return url.replace(/^.*packages\/core\/dist\//, "core/").replace(/^.*bench\/core\//, "bench/");
}
