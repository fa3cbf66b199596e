// The options that every question shares, and what `--quick` makes of them.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fail, root, say } from "../../scripts/prepare.mjs";

export const RESULTS_FOLDER = join(root, ".quorate", "bench", "results");

const SHARED = {
  runs: { type: "string" },
  seconds: { type: "string" },
  "warm-up-seconds": { type: "string" },
  only: { type: "string" },
  results: { type: "string", default: RESULTS_FOLDER },
  quick: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
};

const SHARED_HELP = `  --runs <n>              runs of each system
  --seconds <n>           length of one run
  --warm-up-seconds <n>   load on each system before anything is measured: Node's compiler needs about fifteen
  --only <quorate|etcd>   no comparison
  --results <folder>      where figures (JSON) and picture (SVG) go, default .quorate/bench/results
  --quick                 few short runs: shows that it works, not how fast`;

/**
 * Reads the command line. `defaults` and `quick` hold numbers by name (runs, seconds, "warm-up-seconds" and the
 * question's own); `own` describes further options as [name, meaning] with their defaults in the same places.
 */
export function readOptions({ name, question, defaults, quick, own = [] }) {
  const options = { ...SHARED };
  for (const [option] of own) options[option] = { type: "string" };
  let values;
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    fail(`${error.message} (node bench/${name}.mjs --help)`, 2);
  }
  if (values.help) {
    const ownHelp = own.map(
      ([option, meaning]) => `  --${option} ${meaning} (default ${defaults[option]})`,
    );
    say([`node bench/${name}.mjs [options]`, "", question, "", ...ownHelp, SHARED_HELP].join("\n"));
    process.exit(0);
  }
  const standard = { runs: 5, seconds: 5, "warm-up-seconds": 15, ...defaults };
  const chosen = values.quick
    ? { ...standard, runs: 2, seconds: 1.5, "warm-up-seconds": 3, ...quick }
    : standard;
  return { ...chosen, ...definedOf(values) };
}

function definedOf(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** "100/10,1000/100" as numbers. */
export function readLoads(text) {
  return text.split(",").map((part) => {
    const [clients, connections] = part.split("/").map(Number);
    if (
      !Number.isInteger(clients) ||
      !Number.isInteger(connections) ||
      clients < 1 ||
      connections < 1
    ) {
      fail(`--load wants clients/connections such as 100/10, not "${part}".`, 2);
    }
    return { clients, connections };
  });
}

export function readNumbers(text) {
  const numbers = String(text).split(",").map(Number);
  if (numbers.some((number) => !Number.isFinite(number)))
    fail(`"${text}" is no list of numbers.`, 2);
  return numbers;
}
