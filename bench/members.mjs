// node bench/members.mjs: puts per second with one to seven members.
import { prepare } from "../scripts/prepare.mjs";
import { alternate, LOAD_METRICS, measureLoad, warmUp } from "./lib/load.mjs";
import { readLoads, readNumbers, readOptions } from "./lib/options.mjs";
import { publish } from "./lib/results.mjs";
import { withBothSystems } from "./lib/side-by-side.mjs";

const question = "Puts by the number of members";
const options = readOptions({
  name: "members",
  question,
  own: [
    ["sizes", "<n,…>   members"],
    ["load", "<clients/connections,…>"],
  ],
  defaults: { sizes: "1,3,5,7", load: "1/1,100/10", runs: 3 },
  quick: { sizes: "1,5", load: "100/10" },
});
prepare();

const measured = [];
for (const size of readNumbers(options.sizes)) {
  const keySpace = 10_000;
  const cases = readLoads(options.load).map((load) => ({
    name: `${size} members ${load.clients}/${load.connections}`,
    load: {
      ...load,
      operation: "put",
      valueBytes: 256,
      keySpace,
      seconds: Number(options.seconds),
    },
  }));
  const figures = await withBothSystems(
    async ({ systems }) => {
      const seconds = Number(options["warm-up-seconds"]);
      await warmUp(systems, { seconds, keySpace, valueBytes: 256 });
      return alternate(systems, cases, Number(options.runs), (system, each) =>
        measureLoad(system, each.load, "all"),
      );
    },
    { only: options.only, size },
  );
  measured.push(...figures);
}
publish(options.results, "members", { title: question, metrics: LOAD_METRICS, measured });
