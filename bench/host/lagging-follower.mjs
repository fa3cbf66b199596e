// node bench/host/lagging-follower.mjs: the leader's memory while a follower is down for a million entries, and the
// follower's way back.
import { writeFileSync } from "node:fs";
import { say } from "../../scripts/prepare.mjs";
import { residentBytes } from "../lib/process.mjs";
import { format, table } from "../lib/statistics.mjs";
import { HostMembers, pause } from "./members.mjs";
import { readOptions } from "./options.mjs";

const HELP = `node bench/host/lagging-follower.mjs [options]

  --entries <n>      entries while the follower is down, default 1000000
  --bytes <n>        size of a command, one per entry, default 256
  --snapshots        keep the default snapshot policy: the follower comes back by a snapshot. Without it, by the log.
  --json <file>      writes every figure`;

const values = readOptions(HELP, {
  entries: { type: "string", default: "1000000" },
  bytes: { type: "string", default: "256" },
  snapshots: { type: "boolean", default: false },
});

const entries = Number(values.entries);
const bytes = Number(values.bytes);
const NEVER = { entriesMax: 2 ** 40, bytesMax: 2 ** 40 };
const STEPS = 10;
const SAMPLE_MS = 200;
const IN_FLIGHT = 4_000;
const MIB = 2 ** 20;

const members = new HostMembers({
  basePort: 24_730,
  snapshotPolicy: values.snapshots ? undefined : NEVER,
});
const rows = [
  ["entries behind", "leader resident MiB", "heap", "buffers", "log MiB", "per second"],
];
const samples = [];
let peakBytes = 0;
let sampling = true;

async function row(behind, perSecond) {
  const leader = members.of(1);
  const { rss, heapUsed, arrayBuffers } = await leader.ask("usage", { collect: true });
  const { logBytes } = await leader.ask("status");
  samples.push({ behind, rss, heapUsed, arrayBuffers, logBytes });
  const mib = (value) => format(value / MIB);
  rows.push([format(behind), mib(rss), mib(heapUsed), mib(arrayBuffers), mib(logBytes), perSecond]);
  process.stderr.write(`${rows.at(-1).join("  ")}\n`);
}

try {
  await members.startAll();
  await members.leader();
  await members.of(1).ask("lead");
  const sampler = (async () => {
    for (; sampling; await pause(SAMPLE_MS)) {
      peakBytes = Math.max(peakBytes, residentBytes(members.of(1).pid));
    }
  })();
  // One round with all members first, so that code and buffers are warm.
  await members.of(1).ask("fill", { total: 20_000, bytes, perTurn: 1, inFlight: IN_FLIGHT });
  await row(0, "");
  const before = (await members.of(1).ask("status")).applied;
  await members.of(3).kill("SIGKILL");
  for (let step = 0; step < STEPS; step += 1) {
    const total = Math.ceil(entries / STEPS);
    const request = { total, bytes, perTurn: 1, inFlight: IN_FLIGHT };
    const { tookMs } = await members.of(1).ask("fill", request);
    const { applied } = await members.of(1).ask("status");
    await row(applied - before, format((1000 * total) / tookMs));
  }
  const peakDownBytes = peakBytes;
  const { applied } = await members.of(1).ask("status");
  const startedMs = performance.now();
  const child = members.spawn(3);
  await child.ask("start");
  await members.until("the follower to catch up", async () => {
    return (await child.ask("status")).applied >= applied;
  });
  const tookMs = performance.now() - startedMs;
  const { snapshotsInstalled } = (await child.ask("status")).metrics;
  sampling = false;
  await sampler;
  await row(0, "");
  say(
    `A follower is killed; ${format(entries)} entries of ${bytes} B are written without it; it comes back.`,
  );
  say(table(rows));
  say(
    `Leader's peak resident memory: ${format(peakDownBytes / MIB)} MiB while it was down, ${format(peakBytes / MIB)} MiB in all.`,
  );
  say(
    `The follower had caught up ${format(tookMs / 1000, 1)} s after its start, by ${
      snapshotsInstalled > 0 ? `${snapshotsInstalled} snapshot(s) and the log after it` : "the log"
    }.`,
  );
  if (values.json !== undefined) {
    const figures = {
      entries,
      bytes,
      samples,
      peakDownBytes,
      peakBytes,
      tookMs,
      snapshotsInstalled,
    };
    writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  }
} finally {
  sampling = false;
  await members.stop();
}
