// npm run fuzz -- [options]: feeds every reader of foreign bytes what nobody sensible would send.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fail, prepare, root, say } from "../scripts/prepare.mjs";
import { fuzzTarget } from "./lib/fuzz-target.mjs";

const HELP = `npm run fuzz -- [options]

  --seconds <n>   CPU time over all targets, default 60
  --target <x>    one of them; without it all: see --list
  --seed <n>      the same inputs again; drawn anew without it
  --at <n>        only the input with this number
  --list          names the targets`;

function options() {
  try {
    return parseArgs({
      options: {
        seconds: { type: "string", default: "60" },
        target: { type: "string" },
        seed: { type: "string" },
        at: { type: "string" },
        list: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error.message.split(".")[0]}. See npm run fuzz -- --help`, 2);
  }
}

function numberOf(name, text, least) {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  return fail(`--${name} takes a whole number from ${least} on, not "${text}".`, 2);
}

const values = options();
const folder = join(root, "fuzz", "targets");
const known = readdirSync(folder)
  .filter((name) => name.endsWith(".mjs"))
  .map((name) => name.slice(0, -".mjs".length))
  .sort();
if (values.help) {
  say(HELP);
  process.exit(0);
}
if (values.target !== undefined && !known.includes(values.target)) {
  fail(`There is no target "${values.target}"; npm run fuzz -- --list names them.`, 2);
}
const seconds = numberOf("seconds", values.seconds, 1);
const seed =
  values.seed === undefined
    ? Math.floor(Math.random() * 2 ** 31)
    : numberOf("seed", values.seed, 0);
const only = values.at === undefined ? undefined : numberOf("at", values.at, 0);
prepare();

const targets = values.target === undefined ? known : [values.target];
if (values.list) {
  for (const name of known) {
    const { default: target } = await import(join(folder, `${name}.mjs`));
    say(`${name}\n    ${target.what}`);
  }
  process.exit(0);
}

say(`fuzzing with seed ${seed}`);
let failed = 0;
for (const name of targets) {
  const { inputs, outcomes, covered, problem } = await fuzzTarget({
    path: join(folder, `${name}.mjs`),
    name,
    seed,
    cpuMs: (seconds * 1000) / targets.length,
    inputsMax: Number.POSITIVE_INFINITY,
    only,
  });
  const share = covered
    ? `, ${Math.round((100 * covered.reached) / covered.all)} % of its code`
    : "";
  const counted = outcomes.map(([outcome, count]) => `${outcome} ${count}`).join(", ");
  say(`${problem ? "FAILED" : "ok    "} ${name}: ${inputs} inputs${share}; ${counted}`);
  if (problem === undefined) continue;
  failed += 1;
  say(`       input ${problem.number}: ${problem.text}`);
  say(`       again: npm run fuzz -- --target ${name} --seed ${seed} --at ${problem.number}`);
}
say(`${targets.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
