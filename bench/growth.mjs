// node bench/growth.mjs: does it get slower as keys become more? Puts and reads at each size of the same cluster.
import { prepare } from "../scripts/prepare.mjs";
import { buildGenerator, generateLoad } from "./lib/generator.mjs";
import { endpointsOf, LOAD_METRICS, measureLoad, progress, warmUp } from "./lib/load.mjs";
import { readNumbers, readOptions } from "./lib/options.mjs";
import { residentBytes } from "./lib/process.mjs";
import { publish } from "./lib/results.mjs";
import { withBothSystems } from "./lib/side-by-side.mjs";
import { format, median } from "./lib/statistics.mjs";

const question = "Puts and reads as keys become more";
const options = readOptions({
  name: "growth",
  question,
  own: [["sizes", "<n,…>   keys, ascending; ten million take a long while and several GiB"]],
  defaults: { sizes: "10000,100000,1000000", runs: 3 },
  quick: { sizes: "10000,50000" },
});
prepare();
buildGenerator();
const VALUE_BYTES = 100;
const sizes = readNumbers(options.sizes);

async function measureSize(system, size, from) {
  const { name, cluster } = system;
  const endpoints = await endpointsOf(cluster, "all");
  progress(`${name}: ${format(size)} keys …`);
  const fill = { operation: "fill", total: size - from, firstKey: from, keySpace: size };
  const load = { endpoints, valueBytes: VALUE_BYTES, clients: 200, connections: 20 };
  // The generator takes a total of 0 for "without end"; the first size is there since the warming up.
  if (fill.total > 0) await generateLoad({ ...load, ...fill, seconds: 3600 });
  const resident = cluster.members.map((member) => residentBytes(cluster.pidOf(member)));
  const measured = [];
  for (const operation of ["put", "range", "serializable"]) {
    for (let run = 1; run <= Number(options.runs); run += 1) {
      const figures = await measureLoad(
        system,
        {
          operation,
          keySpace: size,
          valueBytes: VALUE_BYTES,
          clients: 100,
          connections: 10,
          seconds: Number(options.seconds),
        },
        "all",
      );
      const residentMib = median(resident) / 2 ** 20;
      measured.push({
        case: `${format(size)} keys ${operation}`,
        system: name,
        run,
        residentMib,
        ...figures,
      });
      progress(
        `${format(size)} keys, ${operation}, run ${run}, ${name}: ${format(figures.perSecond)} /s`,
      );
    }
  }
  return measured;
}

const measured = await withBothSystems(
  async ({ systems }) => {
    const all = [];
    const seconds = Number(options["warm-up-seconds"]);
    await warmUp(systems, { seconds, keySpace: sizes[0], valueBytes: VALUE_BYTES });
    let from = sizes[0];
    for (const size of sizes) {
      for (const system of systems) all.push(...(await measureSize(system, size, from)));
      from = size;
    }
    return all;
  },
  { only: options.only },
);
publish(options.results, "growth", {
  title: `${question} (${VALUE_BYTES} B, 100 clients on 10 connections)`,
  metrics: [...LOAD_METRICS, { key: "residentMib", title: "resident MiB", digits: 0 }],
  measured,
});
