// Plays some runs and every story, and compares what happened with what is stored: the same on every Node and in every
// browser. `--write` stores it anew, after a change that was meant; `--print` only prints. Needs a build.
import { readFileSync, writeFileSync } from "node:fs";
import { digestTable } from "@quorate/sim";

const file = new URL("../packages/sim/test/determinism/digests.json", import.meta.url);
const found = digestTable();
const text = `${JSON.stringify(found, undefined, 2)}\n`;

if (process.argv.includes("--print")) process.stdout.write(text);
else if (process.argv.includes("--write")) {
  writeFileSync(file, text);
  console.log(`Wrote ${Object.keys(found).length} digests.`);
} else {
  const stored = JSON.parse(readFileSync(file, "utf8"));
  const names = [...new Set([...Object.keys(stored), ...Object.keys(found)])];
  const different = names.filter((name) => stored[name] !== found[name]);
  for (const name of different)
    console.log(`${name}: stored ${stored[name]}, found ${found[name]}`);
  console.log(
    `Node.js ${process.version}: ${names.length - different.length} of ${names.length} as stored`,
  );
  process.exitCode = different.length === 0 ? 0 : 1;
}
