// node bench/memory.mjs: resident memory and disk of a member after many puts, and the time they took.
import { setTimeout as sleep } from "node:timers/promises";
import { prepare } from "../scripts/prepare.mjs";
import { diskBytes } from "./lib/disk.mjs";
import { buildGenerator, generateLoad } from "./lib/generator.mjs";
import { alternate, endpointsOf } from "./lib/load.mjs";
import { readOptions } from "./lib/options.mjs";
import { residentBytes } from "./lib/process.mjs";
import { publish } from "./lib/results.mjs";
import { systemsOf, withCluster, withFolder } from "./lib/side-by-side.mjs";
import { median } from "./lib/statistics.mjs";

/** Background work (flushes, snapshots, the collector) comes to rest. */
const REST_MS = 5_000;
const MIB = 2 ** 20;

const question = "A member's memory and disk after many puts";
const options = readOptions({
  name: "memory",
  question,
  own: [
    ["puts", "<n>          of as many different keys"],
    ["value-bytes", "<n>"],
  ],
  defaults: { runs: 3, puts: "500000", "value-bytes": "256" },
  quick: { runs: 1, puts: "30000" },
});
prepare();
buildGenerator();
const total = Number(options.puts);

const measureOne = (system) =>
  withFolder((folder) =>
    withCluster({ ...system, folder }, async (cluster) => {
      const report = await generateLoad({
        endpoints: await endpointsOf(cluster, "all"),
        operation: "fill",
        clients: 200,
        connections: 20,
        total,
        valueBytes: Number(options["value-bytes"]),
        seconds: 900,
      });
      const members = cluster.members.map((member) => cluster.pidOf(member));
      const atOnce = median(members.map(residentBytes)) / MIB;
      await sleep(REST_MS);
      return {
        residentMib: median(members.map(residentBytes)) / MIB,
        residentAtOnceMib: atOnce,
        diskMib: median(cluster.members.map(({ dataDir }) => diskBytes(dataDir))) / MIB,
        perSecond: report.perSecond,
        errors: report.errors,
      };
    }),
  );

const systems = systemsOf({ only: options.only });
const cases = [{ name: `${total.toLocaleString("en-US")} puts` }];
const measured = await alternate(systems, cases, Number(options.runs), measureOne);
publish(options.results, "memory", {
  title: `${question} (${options["value-bytes"]} B)`,
  notes: [
    "Medians over the members of a fresh cluster, some seconds after the last put; disk in blocks used.",
  ],
  metrics: [
    { key: "residentMib", title: "resident MiB" },
    { key: "residentAtOnceMib", title: "at once MiB" },
    { key: "diskMib", title: "disk MiB" },
    { key: "perSecond", title: "puts per second" },
  ],
  measured,
});
