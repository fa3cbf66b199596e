// node bench/host/top-costs.mjs <file.cpuprofile> [rows]: where a profile's time went, by function and by file.
import { readFileSync } from "node:fs";
import { say } from "../../scripts/prepare.mjs";
import { format, table } from "../lib/statistics.mjs";

const [file, rows = "40"] = process.argv.slice(2);
const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, "utf8"));

const byId = new Map(nodes.map((node) => [node.id, node]));
const selfMs = new Map();
samples.forEach((id, place) => {
  selfMs.set(id, (selfMs.get(id) ?? 0) + timeDeltas[place] / 1000);
});

const short = (url) => url.replace(/^.*\/packages\//, "").replace(/^.*\/(bench\/)/, "$1");
const parentOf = new Map();
for (const { id, children = [] } of nodes) for (const child of children) parentOf.set(child, id);

/** Time in a function with everything it calls; counted once where it calls itself. */
function add(map, key, ms) {
  map.set(key, (map.get(key) ?? 0) + ms);
}
const self = new Map();
const total = new Map();
const files = new Map();
let busyMs = 0;
for (const [id, ms] of selfMs) {
  const { functionName, url, lineNumber } = byId.get(id).callFrame;
  if (functionName === "(idle)") continue;
  busyMs += ms;
  const name = (frame) =>
    `${frame.functionName || "(anonymous)"} ${short(frame.url)}${frame.lineNumber >= 0 ? `:${frame.lineNumber + 1}` : ""}`;
  add(self, name({ functionName, url, lineNumber }), ms);
  add(files, short(url) || functionName, ms);
  const seen = new Set();
  for (let at = id; at !== undefined; at = parentOf.get(at)) {
    const key = name(byId.get(at).callFrame);
    if (!seen.has(key)) add(total, key, ms);
    seen.add(key);
  }
}
const top = (map) => [...map].sort((a, b) => b[1] - a[1]).slice(0, Number(rows));
const percent = (ms) => `${format((100 * ms) / busyMs, 1)} %`;
say(`${format(busyMs)} ms busy`);
for (const [title, map] of [
  ["self", self],
  ["with callees", total],
  ["by file, self", files],
]) {
  say();
  say(
    table([
      [title, "ms", "share"],
      ...top(map).map(([name, ms]) => [name, format(ms), percent(ms)]),
    ]),
  );
}
