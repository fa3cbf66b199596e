// node bench/sim/speed.mjs: how much faster than real time whole nodes run on one core, and where the time goes.
import { Session } from "node:inspector/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { prepare, say } from "../../scripts/prepare.mjs";
import { format, table } from "../lib/statistics.mjs";
import { sharesOf } from "./parts.mjs";

const HELP = `node bench/sim/speed.mjs [options]

Five whole nodes at twenty operations per second, no faults, every invariant and checker on. Time is the processor's, with
the collector's threads, so that other work on the machine counts little. The first run only warms the compiler up.
  --seconds <n>    virtual seconds per run, default 60
  --runs <n>       runs that are measured, default 5
  --top <n>        also the functions that take most, default 0
  --no-profile     only the speed`;

const { values } = parseArgs({
  allowNegative: true,
  options: {
    seconds: { type: "string", default: "60" },
    runs: { type: "string", default: "5" },
    top: { type: "string", default: "0" },
    profile: { type: "boolean", default: true },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  say(HELP);
  process.exit(0);
}
const SAMPLING_MICROSECONDS = 200;
const forMs = Number(values.seconds) * 1000;
const runs = Number(values.runs);

prepare();
const { runCalm } = await import("@quorate/sim");

async function measure() {
  const sum = { virtualMs: 0, events: 0, answered: 0, violations: 0 };
  const from = process.cpuUsage();
  for (let seed = 1; seed <= runs; seed += 1) {
    const result = await runCalm(seed, forMs);
    sum.virtualMs += result.virtualMs;
    sum.events += result.events;
    sum.answered += result.answered;
    sum.violations += result.violations.length;
  }
  const { user, system } = process.cpuUsage(from);
  return { ...sum, cpuMs: (user + system) / 1000 };
}

await runCalm(0, forMs);
const { virtualMs, events, answered, violations, cpuMs } = await measure();
say(`${cpus()[0]?.model}, Node ${process.version}`);
say(
  `five nodes, 20 operations/s: ${format(virtualMs / cpuMs, 1)} × real time per core (${virtualMs / 1000} s in ${format(cpuMs / 1000, 1)} CPU seconds)`,
);
say(
  `${format((1000 * events) / virtualMs)} events per virtual second, ${format((1000 * events) / cpuMs)} per CPU second, ${format((1000 * cpuMs) / events, 2)} µs per event`,
);
say(`${answered} operations answered, violations: ${violations}`);
if (values.profile) {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: SAMPLING_MICROSECONDS });
  await session.post("Profiler.start");
  await measure();
  const { profile } = await session.post("Profiler.stop");
  const { parts, functions } = sharesOf(profile);
  const row = ([name, share]) => [
    name,
    `${format(100 * share, 1)} %`,
    format((1000 * share * cpuMs) / events, 2),
  ];
  say(table([["where the time goes", "share", "µs per event"], ...parts.map(row)]));
  const top = Number(values.top);
  if (top > 0)
    say(table([["function", "share", "µs per event"], ...functions.slice(0, top).map(row)]));
}
process.exitCode = violations > 0 ? 1 : 0;
