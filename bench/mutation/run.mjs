// Plants small mistakes in packages/core/src, one at a time, and sees whether anything notices: see README.md.
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { Judge } from "./judge.mjs";
import { filesBelow, makeLane, root } from "./lane.mjs";
import { mutantsOf } from "./mutants.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    results: { type: "string", default: join(tmpdir(), "quorate-mutation.jsonl") },
    report: { type: "string" },
    lanes: { type: "string", default: "1" },
    again: { type: "boolean", default: false },
  },
});

const sources = filesBelow(join(root, "packages/core/src"))
  .map((file) => relative(root, file))
  .filter((file) => positionals.length === 0 || positionals.some((part) => file.includes(part)))
  .sort();
// Read once: the sources may change while the mutants are judged.
const originals = new Map(sources.map((file) => [file, readFileSync(join(root, file), "utf8")]));
const mutants = sources.flatMap((file) =>
  mutantsOf(originals.get(file)).map((mutant) => ({ file, ...mutant, key: keyOf(file, mutant) })),
);
const verdicts = readVerdicts();
const queue = mutants.filter(({ key }) => {
  const known = verdicts.get(key);
  return known === undefined || (values.again && !known.killed);
});
console.log(`${mutants.length} mutants in ${sources.length} files, ${queue.length} to judge`);
let left = queue.length;
if (left > 0) {
  const lanes = await Promise.all(Array.from({ length: Number(values.lanes) }, makeLane));
  process.on("exit", () => {
    for (const lane of lanes) rmSync(lane, { recursive: true, force: true });
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
  const [first, code] = [...originals][0];
  const judges = lanes.map((lane) => new Judge(lane));
  const verdict = await judges[0].verdict(first, code);
  if (verdict !== undefined) throw new Error(`the core itself does not pass: ${verdict}`);
  await Promise.all(judges.map(work));
  for (const judge of judges) judge.end();
}
report();

async function work(judge) {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const { file, line, change, code, key } = mutant;
    const by = await judge.verdict(file, code);
    const verdict = { key, file, line, change, killed: by !== undefined, by };
    verdicts.set(key, verdict);
    appendFileSync(values.results, `${JSON.stringify(verdict)}\n`);
    left--;
    if (by === undefined) console.log(`${left} left; survives: ${file}:${line}  ${change}`);
  }
}

/** A mutant is the same as long as its file is: whatever changed elsewhere is judged by `--again`. */
function keyOf(file, { code }) {
  return createHash("sha256").update(`${file}\n${code}`).digest("base64url").slice(0, 22);
}

/** What earlier runs found; the last word counts. */
function readVerdicts() {
  if (!existsSync(values.results)) return new Map();
  const lines = readFileSync(values.results, "utf8").split("\n").filter(Boolean);
  return new Map(lines.map((line) => JSON.parse(line)).map((verdict) => [verdict.key, verdict]));
}

function report() {
  const survivors = mutants.filter(({ key }) => verdicts.get(key)?.killed === false);
  const killed = mutants.length - survivors.length;
  const share = ((100 * killed) / mutants.length).toFixed(1);
  const lines = [
    `${killed} of ${mutants.length} mutants killed (${share} %)`,
    ...survivors.map(({ file, line, change }) => `${file}:${line}  ${change}`),
  ];
  console.log(lines.join("\n"));
  if (values.report !== undefined) writeFileSync(values.report, `${lines.join("\n")}\n`);
}
