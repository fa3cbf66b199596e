// node bench/all.mjs: every question one after the other; --quick shows in minutes that all of them work.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, say } from "../scripts/prepare.mjs";
import { RESULTS_FOLDER } from "./lib/options.mjs";
import { format, table } from "./lib/statistics.mjs";

const QUESTIONS = [
  "put",
  "range",
  "mixed",
  "txn",
  "watch",
  "propose",
  "client",
  "failover",
  "restart",
  "memory",
  "members",
  "growth",
  "check-perf",
];

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    results: { type: "string", default: RESULTS_FOLDER },
    skip: { type: "string", default: "" },
    questions: { type: "string", default: QUESTIONS.join(",") },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  say(
    `node bench/all.mjs [--quick] [--questions ${QUESTIONS.join(",")}] [--skip …] [--results <folder>]`,
  );
  process.exit(0);
}

/** A question that hangs must not keep the others from being asked. */
const TIMEOUT_MS = values.quick ? 5 * 60_000 : 90 * 60_000;
const skipped = values.skip.split(",");
const asked = values.questions.split(",").filter((name) => !skipped.includes(name));
mkdirSync(values.results, { recursive: true });

const failed = [];
for (const name of asked) {
  say(`\n── ${name} ──`);
  const args = [join(root, "bench", `${name}.mjs`), `--results=${values.results}`];
  if (values.quick) args.push("--quick");
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: "inherit",
    timeout: TIMEOUT_MS,
    killSignal: "SIGTERM",
  });
  if (status !== 0) failed.push(name);
}

const rows = [["question", "case", "figure", "quorate", "etcd", "×"]];
const everything = [];
for (const name of asked) {
  const file = join(values.results, `${name}.json`);
  if (failed.includes(name) || !existsSync(file)) continue;
  const result = JSON.parse(readFileSync(file, "utf8"));
  everything.push({ ...result, measured: undefined });
  for (const own of result.comparisons) {
    if (own.ratio === undefined) continue;
    const other = result.comparisons.find(
      (each) => each.system === "etcd" && each.case === own.case && each.key === own.key,
    );
    rows.push([
      name,
      own.case,
      own.key,
      format(own.median, 2),
      format(other.median, 2),
      format(own.ratio, 2),
    ]);
  }
}
say();
say(table(rows));
writeFileSync(join(values.results, "all.json"), `${JSON.stringify(everything, null, 1)}\n`);
if (failed.length > 0) {
  say(`Without an answer: ${failed.join(", ")}.`);
  process.exitCode = 1;
}
