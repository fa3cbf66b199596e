// node bench/watch.mjs: events per second that a thousand watchers of one busy key get.
import { prepare } from "../scripts/prepare.mjs";
import { alternate, measureLoad, progress, warmUp } from "./lib/load.mjs";
import { readOptions } from "./lib/options.mjs";
import { publish } from "./lib/results.mjs";
import { withBothSystems } from "./lib/side-by-side.mjs";

const question = "Events delivered to the watchers of one busy key";
const options = readOptions({
  name: "watch",
  question,
  own: [
    ["watchers", "<n>"],
    ["connections", "<n>   that the watchers share"],
    ["writers", "<n>       clients that put without a pause"],
  ],
  defaults: { watchers: "1000", connections: "10", writers: "10" },
  quick: { watchers: "100" },
});
prepare();

const load = {
  operation: "watch",
  valueBytes: 64,
  watchers: Number(options.watchers),
  clients: Number(options.writers),
  connections: Number(options.connections),
  seconds: Number(options.seconds),
};
const measured = await withBothSystems(
  async ({ systems }) => {
    const seconds = Number(options["warm-up-seconds"]);
    await warmUp(systems, { seconds, keySpace: 1_000, valueBytes: 64 });
    for (const system of systems) await measureLoad(system, load, "all");
    const cases = [{ name: `${load.watchers} watchers, ${load.clients} writers` }];
    return alternate(systems, cases, Number(options.runs), async (system) => {
      const figures = await measureLoad(system, load, "all");
      const missing = figures.operations * load.watchers - figures.events;
      if (missing !== 0) progress(`${system.name}: ${missing} events are missing`);
      return figures;
    });
  },
  { only: options.only },
);
publish(options.results, "watch", {
  title: question,
  notes: ["Every watcher gets every event; the time runs until the last one has come."],
  metrics: [
    { key: "eventsPerSecond", title: "events per second" },
    { key: "perSecond", title: "puts per second" },
    { key: "membersCpuMicroseconds", title: "members' CPU µs/put", digits: 1 },
    { key: "generatorCpuMicroseconds", title: "generator's", digits: 1, ratio: false },
  ],
  measured,
});
