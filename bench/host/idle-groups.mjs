// node bench/host/idle-groups.mjs: what a thousand idle groups on three hosts cost.
import { writeFileSync } from "node:fs";
import { say } from "../../scripts/prepare.mjs";
import { cpuSeconds, residentBytes } from "../lib/process.mjs";
import { format, table } from "../lib/statistics.mjs";
import { HostMembers, pause } from "./members.mjs";
import { readOptions } from "./options.mjs";

const HELP = `node bench/host/idle-groups.mjs [options]

  --groups <n,…>     groups on each of three hosts, default 1,100,1000
  --seconds <n>      how long they are watched, default 10
  --json <file>      writes every figure`;

const values = readOptions(HELP, {
  groups: { type: "string", default: "1,100,1000" },
  seconds: { type: "string", default: "10" },
});

/** Small segments: each group keeps two of them ready. */
const LOG_SEGMENT_BYTES = 64 * 1024;
/** Time for balancing, snapshots and the compiler to come to rest. */
const SETTLE_MS = 5_000;

async function measure(groups) {
  const members = new HostMembers({
    basePort: 24_740,
    groups,
    logSegmentBytes: LOG_SEGMENT_BYTES,
    balanceLeaders: true,
  });
  try {
    const startedMs = performance.now();
    await members.startAll();
    const children = members.members.map(({ id }) => members.of(id));
    await members.until("every group to have a leader", async () => {
      const states = await Promise.all(children.map((child) => child.ask("status")));
      return states.every(({ leaderless }) => leaderless === 0);
    });
    const readyMs = performance.now() - startedMs;
    await pause(SETTLE_MS);
    const seconds = Number(values.seconds);
    const before = children.map((child) => cpuSeconds(child.pid));
    await pause(1000 * seconds);
    const used = children.map((child, place) => cpuSeconds(child.pid) - before[place]);
    const states = await Promise.all(children.map((child) => child.ask("status")));
    return {
      readyMs,
      percent: used.map((cpu) => (100 * cpu) / seconds),
      residentMib: children.map((child) => residentBytes(child.pid) / 2 ** 20),
      leads: states.map(({ leads }) => leads),
    };
  } finally {
    await members.stop();
  }
}

const rows = [
  ["groups", "ready s", "CPU % of one core, per host", "resident MiB, per host", "leads"],
];
const measured = [];
for (const groups of values.groups.split(",").map(Number)) {
  const result = await measure(groups);
  const { readyMs, percent, residentMib, leads } = result;
  measured.push({ groups, seconds: Number(values.seconds), ...result });
  const all = (list, digits) => list.map((value) => format(value, digits)).join(" ");
  rows.push([
    groups,
    format(readyMs / 1000, 1),
    all(percent, 1),
    all(residentMib),
    leads.join(" "),
  ]);
  process.stderr.write(`${rows.at(-1).join("  ")}\n`);
}
say(`Idle groups on three hosts, ticks of 100 ms, watched for ${values.seconds} s`);
say(table(rows));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measured, null, 2)}\n`);
