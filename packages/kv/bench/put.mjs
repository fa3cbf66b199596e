// What a put costs a member: apply and flush, by store. Build first (`npm run build`), then
//   node packages/kv/bench/put.mjs [--store memory|lmdb] [--puts 500000] [--keys 500000] [--value 256] [--batch 1000]
//        [--flush-bytes 33554432] [--directory DIR] [--keep]
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { KvMachine, kvCommandCodec, MemoryStore } from "@quorate/kv";
import { LmdbStore } from "@quorate/kv/lmdb";

const { values: options } = parseArgs({
  options: {
    store: { type: "string", default: "lmdb" },
    puts: { type: "string", default: "500000" },
    keys: { type: "string", default: "500000" },
    value: { type: "string", default: "256" },
    batch: { type: "string", default: "1000" },
    "flush-bytes": { type: "string", default: String(32 << 20) },
    directory: { type: "string" },
    keep: { type: "boolean", default: false },
  },
});
const puts = Number(options.puts);
const keys = Number(options.keys);
const batchSize = Number(options.batch);
const flushBytes = Number(options["flush-bytes"]);
const root = options.directory ?? mkdtempSync(join(tmpdir(), "quorate-bench-"));

const encoder = new TextEncoder();
const value = new Uint8Array(Number(options.value)).fill(7);
const keyOf = (n) =>
  encoder.encode(
    `/registry/bench/${((n * 2654435761) % 4294967296).toString(36).padStart(8, "0")}`,
  );

const openStore = () =>
  options.store === "lmdb" ? LmdbStore.open({ directory: root }) : new MemoryStore();
const machine = new KvMachine({ store: openStore(), defer: (run) => setImmediate(run) });
await machine.open();

let index = 0;
let applyMs = 0;
let decodeMs = 0;
let flushing;
let flushes = 0;
const cpuBefore = process.cpuUsage();
let generatorCpu = 0;
const startedAt = performance.now();
for (let done = 0; done < puts; done += batchSize) {
  const generatorBefore = process.cpuUsage();
  const encoded = [];
  for (let i = 0; i < batchSize; i++) {
    const n = (done + i) % keys;
    encoded.push(kvCommandCodec.encode({ type: "put", key: keyOf(n), value }));
  }
  const generator = process.cpuUsage(generatorBefore);
  generatorCpu += generator.user + generator.system;
  const decodeFrom = performance.now();
  index++;
  const batch = encoded.map((bytes, slot) => ({
    term: 1,
    index,
    slot,
    proposedAtMs: 0,
    command: kvCommandCodec.decode(bytes),
  }));
  const applyFrom = performance.now();
  machine.apply(batch);
  applyMs += performance.now() - applyFrom;
  decodeMs += applyFrom - decodeFrom;
  if (flushing === undefined && machine.unflushedBytes > flushBytes) {
    flushes++;
    flushing = machine.flush({ term: 1, index }, new Uint8Array(100)).then(() => {
      flushing = undefined;
    });
  }
  if (machine.unflushedBytes > 2 * flushBytes) await flushing;
  else await new Promise((resolve) => setImmediate(resolve));
}
await flushing;
await machine.flush({ term: 1, index }, new Uint8Array(100));
const wallMs = performance.now() - startedAt;
const cpu = process.cpuUsage(cpuBefore);
const us = (ms) => ((ms * 1000) / puts).toFixed(2);
const report = {
  store: options.store,
  puts,
  keys,
  flushes: flushes + 1,
  "cpu µs/put (all threads, without generator)": (
    (cpu.user + cpu.system - generatorCpu) /
    puts
  ).toFixed(2),
  "decode µs/put": us(decodeMs),
  "apply µs/put": us(applyMs),
  "wall µs/put": us(wallMs),
  "rss MiB": Math.round(process.memoryUsage().rss / 2 ** 20),
  "disk MiB":
    options.store === "lmdb" ? Math.round(statSync(join(root, "data.mdb")).size / 2 ** 20) : 0,
};

const single = (n) => machine.query({ type: "range", key: keyOf(n) });
const reads = 100_000;
const asked = Array.from({ length: reads }, () => keyOf(Math.floor(Math.random() * keys)));
const readFrom = performance.now();
for (const key of asked) machine.query({ type: "range", key });
report["range of one key µs"] = (((performance.now() - readFrom) * 1000) / reads).toFixed(2);
if (single(0).kvs.length !== 1) throw new Error("A key is missing.");
const listFrom = performance.now();
const page = machine.query({
  type: "range",
  key: encoder.encode("/registry/"),
  rangeEnd: encoder.encode("/registry0"),
  limit: 500,
});
report["list of 500 of all ms"] = (performance.now() - listFrom).toFixed(2);
if (page.count !== Math.min(keys, puts)) throw new Error(`${page.count} keys`);
const { stateHash } = machine.status();
await machine.close();

if (options.store === "lmdb") {
  const reopenFrom = performance.now();
  const again = new KvMachine({ store: openStore(), defer: (run) => setImmediate(run) });
  await again.open();
  report["reopen ms"] = Math.round(performance.now() - reopenFrom);
  report["rss MiB after reopen"] = Math.round(process.memoryUsage().rss / 2 ** 20);
  if (again.status().stateHash !== stateHash) throw new Error("The state hash differs.");
  await again.close();
}
console.log(report);
if (!options.keep && options.directory === undefined) {
  rmSync(root, { recursive: true, force: true });
}
