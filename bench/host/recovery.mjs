// node bench/host/recovery.mjs: how long a member takes to come back with a log of a million entries, after SIGKILL.
import { writeFileSync } from "node:fs";
import { say } from "../../scripts/prepare.mjs";
import { format, median, summary, table } from "../lib/statistics.mjs";
import { HostMembers } from "./members.mjs";
import { readOptions } from "./options.mjs";

const HELP = `node bench/host/recovery.mjs [options]

  --commands <n>     commands in the log, default 1000000
  --per-entry <n,…>  commands in one entry, default 1,1000
  --bytes <n>        size of a command, default 256
  --runs <n>         restarts, default 3
  --snapshots        keep the default snapshot policy; without it the whole log is replayed
  --json <file>      writes every figure`;

const values = readOptions(HELP, {
  commands: { type: "string", default: "1000000" },
  "per-entry": { type: "string", default: "1,1000" },
  bytes: { type: "string", default: "256" },
  runs: { type: "string", default: "3" },
  snapshots: { type: "boolean", default: false },
});

const commands = Number(values.commands);
const bytes = Number(values.bytes);
const NEVER = { entriesMax: 2 ** 40, bytesMax: 2 ** 40 };
const IN_FLIGHT = 4_000;

async function measure(perEntry) {
  const members = new HostMembers({
    basePort: 24_720,
    snapshotPolicy: values.snapshots ? undefined : NEVER,
  });
  const restarts = [];
  try {
    await members.startAll();
    await members.leader();
    await members.of(1).ask("lead");
    const request = { total: commands, bytes, perTurn: perEntry, inFlight: IN_FLIGHT };
    const { tookMs } = await members.of(1).ask("fill", request);
    const { applied, logBytes, firstIndex } = await members.of(1).ask("status");
    process.stderr.write(
      `${format(commands)} commands in ${format(applied - firstIndex + 1)} entries written in ${format(tookMs / 1000, 1)} s\n`,
    );
    await members.until("the follower to have it all", async () => {
      return (await members.of(3).ask("status")).applied >= applied;
    });
    for (let run = 1; run <= Number(values.runs); run += 1) {
      await members.of(3).kill("SIGKILL");
      const startedMs = performance.now();
      const child = members.spawn(3);
      const opened = await child.ask("start");
      const openedMs = performance.now() - startedMs;
      const counted = await child.ask("read");
      const freshMs = performance.now() - startedMs;
      const { rss } = await child.ask("usage");
      if (counted !== commands) throw new Error(`${counted} commands instead of ${commands}`);
      restarts.push({ openMs: opened.tookMs, openedMs, freshMs, rss });
      process.stderr.write(
        `restart ${run}: log open after ${format(opened.tookMs)} ms, first linearizable read after ${format(freshMs)} ms\n`,
      );
    }
    return { entries: applied - firstIndex + 1, logBytes, restarts, writtenMs: tookMs };
  } finally {
    await members.stop();
  }
}

const rows = [
  [
    "commands per entry",
    "entries",
    "log MiB",
    "opened ms (range)",
    "first read ms (range)",
    "of it process start",
    "resident MiB",
  ],
];
const measured = [];
for (const perEntry of values["per-entry"].split(",").map(Number)) {
  const result = await measure(perEntry);
  const { entries, logBytes, restarts } = result;
  measured.push({ perEntry, commands, bytes, ...result });
  const of = (field) => median(restarts.map(field));
  const withRange = (field) => {
    const { median: middle, min, max } = summary(restarts.map(field));
    return `${format(middle)} (${format(min)}–${format(max)})`;
  };
  rows.push([
    perEntry,
    format(entries),
    format(logBytes / 2 ** 20),
    withRange((r) => r.openMs),
    withRange((r) => r.freshMs),
    format(of((r) => r.openedMs - r.openMs)),
    format(of((r) => r.rss) / 2 ** 20),
  ]);
}
say(
  `A member killed with SIGKILL and started again, ${format(commands)} commands of ${bytes} B, ` +
    `${values.snapshots ? "default snapshots" : "no snapshot: the whole log is replayed"}; medians of ${values.runs}`,
);
say(table(rows));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measured, null, 2)}\n`);
