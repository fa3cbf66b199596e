// How much faster than real time whole nodes run on one core, with every invariant and checker on.
//   node bench/sim/speed.mjs [--seconds <virtual seconds per run>] [--runs <n>]
// Five nodes, twenty operations per second, no faults; the first run warms the compiler up and does not count.
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "../../zoo/lib/bundle.mjs";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    runs: { type: "string", default: "5" },
  },
});
const folder = mkdtempSync(join(tmpdir(), "quorate-speed-"));
const cpuMs = () => process.cpuUsage().user / 1000;

try {
  const file = join(folder, "sim.mjs");
  await bundle(join(import.meta.dirname, "../.."), file);
  const { runCalm } = await import(pathToFileURL(file).href);
  const forMs = Number(values.seconds) * 1000;
  await runCalm(0, forMs);
  let virtualMs = 0;
  let events = 0;
  let answered = 0;
  let violations = 0;
  const from = cpuMs();
  for (let seed = 1; seed <= Number(values.runs); seed += 1) {
    const result = await runCalm(seed, forMs);
    virtualMs += result.virtualMs;
    events += result.events;
    answered += result.answered;
    violations += result.violations.length;
  }
  const tookMs = cpuMs() - from;
  const speed = (virtualMs / tookMs).toFixed(1);
  const microseconds = ((tookMs * 1000) / events).toFixed(1);
  console.log(`${cpus()[0]?.model}, Node ${process.version}`);
  console.log(
    `five nodes, 20 operations/s: ${speed} × real time per core (${virtualMs / 1000} s in ${(tookMs / 1000).toFixed(1)} CPU seconds)`,
  );
  console.log(`${events} events at ${microseconds} µs, ${answered} operations answered`);
  console.log(`violations: ${violations}`);
  process.exitCode = violations > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
