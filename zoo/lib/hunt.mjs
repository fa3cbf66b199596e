// Looks for a violation in one bundle of the sources until it finds one or its processor time is up.
// Arguments: bundle, seconds, engine names (`;` between them; all for none), seconds for making the run smaller. Prints one line of JSON.
import { pathToFileURL } from "node:url";

const [bundle, seconds, names = "", shrinkSeconds = "0"] = process.argv.slice(2);
const { ENGINES, hunt } = await import(pathToFileURL(bundle).href);
const wanted = names === "" ? [] : names.split(";");
const engines = ENGINES.filter((engine) => wanted.length === 0 || wanted.includes(engine.name));

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const search = hunt(engines);
let runs = 0;
let found;
try {
  while (cpuSeconds() < Number(seconds)) {
    const next = await search.next();
    if (next.done) {
      found = next.value;
      break;
    }
    runs += 1;
  }
} catch (error) {
  found = {
    engine: "any",
    seed: 0,
    violation: { checker: "no exceptions", message: String(error?.stack ?? error) },
  };
}
const foundAfter = cpuSeconds();
let events;
if (found !== undefined && Number(shrinkSeconds) > 0) {
  const engine = ENGINES.find(({ name }) => name === found.engine);
  for await (const left of engine?.shrink(found.seed) ?? []) {
    events = left;
    if (cpuSeconds() - foundAfter > Number(shrinkSeconds)) break;
  }
}
const shrinkCpuSeconds = cpuSeconds() - foundAfter;
process.stdout.write(
  `${JSON.stringify({ found, runs, cpuSeconds: foundAfter, events, shrinkCpuSeconds })}\n`,
);
