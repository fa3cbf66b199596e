// What a question leaves behind: a table on the terminal, the figures as JSON, and a picture.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { root, say } from "../../scripts/prepare.mjs";
import { barChart } from "./picture.mjs";
import { format, median, summary, table } from "./statistics.mjs";

/** Where and with what the figures were taken. */
export function circumstances() {
  return {
    takenAt: new Date().toISOString(),
    commit: firstLineOf("git", ["-C", root, "rev-parse", "--short", "HEAD"]),
    node: process.version,
    etcd: firstLineOf("etcd", ["--version"]),
    processors: cpus().map(({ model }) => model),
    memoryBytes: totalmem(),
  };
}

function firstLineOf(command, args) {
  try {
    return execFileSync(command, args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).split("\n")[0];
  } catch {
    return undefined;
  }
}

/**
 * Figures by case and system as rows: medians, ranges and the ratio to etcd. `metrics` are
 * { key, title, digits, better: "higher" | "lower", target? }; the first one is drawn.
 */
export function compare(measured, metrics) {
  const cases = [...new Set(measured.map((each) => each.case))];
  const rows = [["case", "system", ...metrics.flatMap(({ title }) => [title, "×"])]];
  const comparisons = [];
  for (const name of cases) {
    for (const system of ["quorate", "etcd"]) {
      const own = measured.filter((each) => each.case === name && each.system === system);
      if (own.length === 0) continue;
      const other = measured.filter((each) => each.case === name && each.system === "etcd");
      const cells = metrics.flatMap(({ key, digits = 0, ratio = true }) => {
        const values = own.map((each) => each[key]).filter(Number.isFinite);
        if (values.length === 0) return ["-", ""];
        const { median: middle, min, max } = summary(values);
        const others = other.map((each) => each[key]).filter(Number.isFinite);
        const times =
          system === "quorate" && others.length > 0 && ratio ? middle / median(others) : undefined;
        comparisons.push({
          case: name,
          system,
          key,
          median: middle,
          min,
          max,
          runs: values.length,
          ratio: times,
        });
        const range = values.length > 1 ? ` (${format(min, digits)}–${format(max, digits)})` : "";
        return [`${format(middle, digits)}${range}`, times === undefined ? "" : format(times, 2)];
      });
      rows.push([name, system, ...cells]);
    }
  }
  return { rows, comparisons };
}

/** Prints the table and writes `<name>.json` and `<name>.svg`. Returns the comparisons. */
export function publish(folder, name, { title, notes = [], metrics, measured }) {
  const { rows, comparisons } = compare(measured, metrics);
  say();
  say(title);
  for (const note of notes) say(note);
  say(table(rows));
  mkdirSync(folder, { recursive: true });
  const [{ key, title: unit, digits = 0 }] = metrics;
  const file = join(folder, name);
  const content = { name, title, notes, circumstances: circumstances(), comparisons, measured };
  writeFileSync(`${file}.json`, `${JSON.stringify(content, null, 1)}\n`);
  const drawn = comparisons.filter((each) => each.key === key);
  writeFileSync(`${file}.svg`, barChart({ title, unit, digits, bars: drawn }));
  say(`Figures: ${file}.json, picture: ${file}.svg`);
  return comparisons;
}
