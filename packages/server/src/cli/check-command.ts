import { type Client, ClientError } from "@quorate/client";
import { ConfigError } from "../config/config-error.ts";
import { type Cli, type CommonOptions, examples } from "./cli.ts";
import { withClient } from "./connection.ts";
import { EXIT } from "./exit-code.ts";
import { spanMs } from "./read-words.ts";
import { show } from "./show.ts";
import { table } from "./table.ts";

/** Writes per second at most, and writers, as etcdctl has them. */
const LOADS: Readonly<Record<string, { readonly perSecond: number; readonly writers: number }>> = {
  s: { perSecond: 150, writers: 50 },
  m: { perSecond: 1000, writers: 200 },
  l: { perSecond: 8000, writers: 500 },
  xl: { perSecond: 15_000, writers: 1000 },
};

const PREFIX = "/quorate-check-perf/";
const VALUE_BYTES = 1024;
/** What passes: nine tenths of the load, no write slower than this, and little spread. */
const SHARE_MIN = 0.9;
const SLOWEST_MAX_MS = 500;
const DEVIATION_MAX_MS = 100;

interface PerfFlags {
  readonly load: string;
  readonly duration: string;
  readonly prefix: string;
}

interface Perf {
  readonly writesPerSecond: number;
  readonly failures: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly slowestMs: number;
  readonly deviationMs: number;
  readonly passed: boolean;
}

/** `check perf`. */
export function addCheckCommand({ program, terminal, end }: Cli): void {
  const check = program
    .command("check")
    .summary("try out whether the cluster is fast enough")
    .description("Checks of a running cluster.");
  check
    .command("perf")
    .summary("write for a while and judge the speed")
    .description(
      "Writes keys of its own for a while at a given load, deletes them again, and ends with 1 when the cluster cannot keep up.",
    )
    .option("--load <size>", "s, m, l or xl: 150, 1000, 8000 or 15000 writes per second", "s")
    .option("--duration <span>", "for how long", "10s")
    .option("--prefix <key>", "where the keys are made", PREFIX)
    .addHelpText(
      "after",
      examples("quorate check perf", "quorate check perf --load m --duration 60s --output json"),
    )
    .action(async (flags: PerfFlags, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      const load = LOADS[flags.load];
      if (load === undefined)
        throw new ConfigError(`--load must be s, m, l or xl, not "${flags.load}".`);
      const durationMs = spanMs("--duration", flags.duration);
      const perf = await withClient(options, async (client) => {
        const { count } = await client.get(flags.prefix, { prefix: true, countOnly: true });
        if (count > 0) {
          throw new ConfigError(
            `There are keys that begin with ${flags.prefix}: choose another --prefix.`,
          );
        }
        try {
          return await measure(client, flags.prefix, load, durationMs);
        } finally {
          await client.delete(flags.prefix, { prefix: true });
        }
      });
      const rows = verdicts(perf, load.perSecond);
      show(terminal, options.output, {
        json: perf,
        table: () => table(["RESULT", "MEASURED"], rows),
        plain: () => rows.map(([verdict, text]) => `${verdict}: ${text}\n`).join(""),
      });
      if (!perf.passed) end(EXIT.failed);
    });
}

async function measure(
  client: Client,
  prefix: string,
  load: { readonly perSecond: number; readonly writers: number },
  durationMs: number,
): Promise<Perf> {
  const value = "v".repeat(VALUE_BYTES);
  const tookMs: number[] = [];
  let failures = 0;
  let started = 0;
  const beginMs = performance.now();
  const endMs = beginMs + durationMs;
  const write = async (writer: number): Promise<void> => {
    for (;;) {
      // Every write has its moment; whoever is late goes on at once.
      const dueMs = beginMs + (started / load.perSecond) * 1000;
      started += 1;
      if (dueMs >= endMs || performance.now() >= endMs) return;
      const earlyMs = dueMs - performance.now();
      if (earlyMs > 0) await new Promise((resolve) => setTimeout(resolve, earlyMs));
      const sentMs = performance.now();
      try {
        await client.put(`${prefix}${writer}/${started}`, value);
        tookMs.push(performance.now() - sentMs);
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        failures += 1;
        if (tookMs.length === 0 && failures > load.writers) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: load.writers }, (_, writer) => write(writer)));
  return judged(tookMs, failures, (performance.now() - beginMs) / 1000, load.perSecond);
}

function judged(
  tookMs: readonly number[],
  failures: number,
  seconds: number,
  perSecond: number,
): Perf {
  const sorted = [...tookMs].sort((a, b) => a - b);
  const at = (share: number): number =>
    rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  const mean = sorted.reduce((sum, ms) => sum + ms, 0) / Math.max(1, sorted.length);
  const variance =
    sorted.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / Math.max(1, sorted.length);
  const writesPerSecond = rounded(sorted.length / seconds);
  const slowestMs = rounded(sorted.at(-1) ?? 0);
  const deviationMs = rounded(Math.sqrt(variance));
  const passed =
    failures === 0 &&
    writesPerSecond >= SHARE_MIN * perSecond &&
    slowestMs <= SLOWEST_MAX_MS &&
    deviationMs <= DEVIATION_MAX_MS;
  return {
    writesPerSecond,
    failures,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    slowestMs,
    deviationMs,
    passed,
  };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function verdicts(perf: Perf, perSecond: number): readonly (readonly [string, string])[] {
  const word = (passed: boolean): string => (passed ? "PASS" : "FAIL");
  return [
    [
      word(perf.writesPerSecond >= SHARE_MIN * perSecond),
      `${perf.writesPerSecond} writes per second of ${perSecond}`,
    ],
    [
      word(perf.slowestMs <= SLOWEST_MAX_MS),
      `slowest write took ${perf.slowestMs} ms (half took ${perf.p50Ms} ms or less, 99 of 100 took ${perf.p99Ms} ms or less)`,
    ],
    [word(perf.deviationMs <= DEVIATION_MAX_MS), `standard deviation is ${perf.deviationMs} ms`],
    [word(perf.failures === 0), `${perf.failures} writes failed`],
    [word(perf.passed), "all in all"],
  ];
}
