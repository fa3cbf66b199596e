// npm run drill -- <id>: real processes, real kills, and a story that ends in claims that hold or do not.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { numberFrom, readCommandLine } from "../scripts/command-line.mjs";
import { fail, prepare, root, say } from "../scripts/prepare.mjs";

const HELP = `npm run drill -- <id> [options]      (npm run drill -- list names them)

  --seed <n>    the same faults again; drawn anew without it
  --port <n>    first port, default 25790
  --keep        leave the members' data behind`;

const { values, positionals } = readCommandLine(
  HELP,
  {
    seed: { type: "string" },
    port: { type: "string", default: "25790" },
    keep: { type: "boolean", default: false },
  },
  { positionals: true },
);
const [id] = positionals;
const folder = join(root, "drills", "scenarios");
const known = readdirSync(folder)
  .filter((name) => name.endsWith(".mjs"))
  .map((name) => name.slice(0, -".mjs".length))
  .sort();

if (id === undefined) {
  say(HELP);
  process.exit(2);
}
const seed = numberFrom("seed", values.seed ?? `${Math.floor(Math.random() * 2 ** 31)}`, {
  from: 0,
  to: 2 ** 32 - 1,
});
const basePort = numberFrom("port", values.port, { from: 1024, to: 65_000 });
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
const { HostDrill } = await import("./lib/host-drill.mjs");
const { Skipped } = await import("./lib/report.mjs");

/** Plays one drill: "passed", "failed" or "skipped". `cluster`: served members; `hosts`: embedded ones. */
async function play(name) {
  const { default: scenario } = await import(join(folder, `${name}.mjs`));
  const settings = { seed, basePort };
  const drill =
    scenario.hosts === undefined
      ? new Drill({ ...settings, ...scenario.cluster })
      : new HostDrill({ ...settings, ...scenario.hosts });
  say(`${name}, seed ${seed}`);
  say(`  ${scenario.story}`);
  let skipped = false;
  try {
    await scenario.run(drill);
  } catch (error) {
    skipped = error instanceof Skipped;
    if (skipped) say(`  skipped: ${error.message}`);
    else drill.check("the drill runs to its end", false, error.message);
  }
  const untrue = await drill.finish({ keep: values.keep });
  if (skipped) return "skipped";
  return untrue === 0 ? "passed" : "failed";
}

const outcomes = { passed: 0, failed: 0, skipped: 0 };
for (const name of id === "all" ? known : [id]) outcomes[await play(name)] += 1;
const { passed, failed, skipped } = outcomes;
say(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exit(failed === 0 ? 0 : 1);
