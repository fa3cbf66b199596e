// npm run drill -- <id>: real processes, real kills, and a story that ends in claims that hold or do not.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fail, prepare, root, say } from "../scripts/prepare.mjs";

const HELP = `npm run drill -- <id> [options]      (npm run drill -- list names them)

  --seed <n>    the same faults again; drawn anew without it
  --port <n>    first port, default 25790
  --keep        leave the members' data behind`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string" },
    port: { type: "string", default: "25790" },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const [id] = positionals;
const folder = join(root, "drills", "scenarios");
const known = readdirSync(folder)
  .filter((name) => name.endsWith(".mjs"))
  .map((name) => name.slice(0, -".mjs".length))
  .sort();

if (values.help || id === undefined) {
  say(HELP);
  process.exit(values.help ? 0 : 2);
}
prepare();
if (id === "list") {
  for (const name of known) {
    const { default: scenario } = await import(join(folder, `${name}.mjs`));
    say(`${name}\n    ${scenario.story}`);
  }
  process.exit(0);
}
if (id !== "all" && !known.includes(id)) {
  fail(`There is no drill "${id}"; npm run drill -- list names them.`, 2);
}

const { Drill } = await import("./lib/drill.mjs");
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);

/** Plays one drill; true when everything it claims held. */
async function play(name) {
  const { default: scenario } = await import(join(folder, `${name}.mjs`));
  const drill = new Drill({ seed, basePort: Number(values.port), ...scenario.cluster });
  say(`${name}, seed ${seed}`);
  say(`  ${scenario.story}`);
  try {
    await scenario.run(drill);
  } catch (error) {
    drill.check("the drill runs to its end", false, error.message);
  }
  return (await drill.finish({ keep: values.keep })) === 0;
}

let passed = 0;
let failed = 0;
for (const name of id === "all" ? known : [id]) {
  if (await play(name)) passed += 1;
  else failed += 1;
}
say(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
