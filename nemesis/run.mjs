// npm run nemesis: a cluster of processes under every fault that this machine can make, and what its clients saw, checked.
import { fail, prepare, say } from "../scripts/prepare.mjs";
import { KINDS } from "./lib/kinds.mjs";
import { HELP, readOptions, UsageError } from "./lib/options.mjs";

let options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  fail(`${error.message}\nnpm run nemesis -- --help tells all options.`, 2);
}
if (options.help) {
  say(HELP);
  process.exit(0);
}
if (options.list) {
  for (const { id, lane, needs, says } of KINDS) {
    say(`${id.padEnd(18)} ${lane.padEnd(11)} ${says}${needs.length > 0 ? ` (${needs})` : ""}`);
  }
  process.exit(0);
}
const { isInside, goInside, Owner } = await import("./lib/inside.mjs");
if (!isInside()) {
  prepare();
  const { clearLeftovers } = await import("./lib/leftovers.mjs");
  const cleared = clearLeftovers();
  if (cleared > 0) say(`Removed ${cleared} leftovers of a run that was killed.`);
}
const { probeMeans } = await import("./lib/means.mjs");
const means = probeMeans(options);
if (means.namespaces.available && !isInside()) process.exit(await goInside(options.seed));
const { play } = await import("./lib/play.mjs");
process.exit(await play(options, means, { listenToOwner: Owner.listen }));
