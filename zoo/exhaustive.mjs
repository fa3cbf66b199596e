// Visits every state that small clusters of real cores can reach, and judges every step.
//   npm run exhaustive -- [<configuration>…] [--large] [--states <most per configuration>] [--list]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { numberFrom, readCommandLine } from "../scripts/command-line.mjs";
import { bundle } from "./lib/bundle.mjs";

const HELP = `npm run exhaustive -- [<configuration>…] [options]

Visits every state that small clusters of real cores can reach, and judges every step.

  --large        also those that take hours and many gigabytes
  --states <n>   at most so many states of each
  --list         names the configurations`;

const { values, positionals } = readCommandLine(
  HELP,
  {
    states: { type: "string" },
    large: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
  },
  { positionals: true },
);
const statesMax =
  values.states === undefined
    ? Number.POSITIVE_INFINITY
    : numberFrom("states", values.states, { from: 1 });
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), "quorate-exhaustive-"));
const file = join(scratch, "sim.mjs");
await bundle(root, file);
const { CONFIGURATIONS, explore } = await import(pathToFileURL(file).href);
rmSync(scratch, { recursive: true });

if (values.list) {
  for (const { name, story, isLarge } of CONFIGURATIONS) {
    console.log(`${name}${isLarge ? " (large)" : ""}\n    ${story}`);
  }
  process.exit(0);
}
const unknown = positionals.filter((name) => !CONFIGURATIONS.some((one) => one.name === name));
if (unknown.length > 0) {
  console.error(`There is no configuration "${unknown.join('", "')}"; --list names them.`);
  process.exit(2);
}

const seconds = () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;
const show = (text) => process.stdout.isTTY && process.stdout.write(`\r\x1b[K${text}`);
let states = 0;
let failed = 0;
let finished = 0;
const begun = seconds();
for (const configuration of CONFIGURATIONS) {
  const { name, isLarge } = configuration;
  if (positionals.length > 0 ? !positionals.includes(name) : isLarge && !values.large) continue;
  const from = seconds();
  const search = explore(configuration, statesMax);
  let turn = search.next();
  for (; !turn.done; turn = search.next()) {
    show(`${configuration.name}: ${turn.value.states} states, depth ${turn.value.depth}`);
  }
  const result = turn.value;
  const took = seconds() - from;
  states += result.states;
  show("");
  console.log(
    `${result.verdict === "violated" ? "FAILED " : "ok     "} ${configuration.name}: ${result.verdict}, ${result.states} states, ` +
      `${result.steps} steps, depth ${result.depth}, ${took.toFixed(1)} s, ${Math.round(result.states / took)} states/s; ` +
      `${result.memberSteps} steps of single members by real cores`,
  );
  if (result.verdict === "violated") {
    failed += 1;
    console.log(`        ${result.violation.checker}: ${result.violation.message}`);
    for (const line of result.trace) console.log(`          ${line}`);
  } else {
    finished += 1;
  }
}
const took = seconds() - begun;
console.log(
  `${states} states in ${took.toFixed(1)} processor seconds, ${Math.round(states / took)} states/s`,
);
console.log(`${finished} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
