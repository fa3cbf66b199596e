// A whole question about one operation, from its options to its picture.
import { prepare } from "../../scripts/prepare.mjs";
import { alternate, LOAD_METRICS, measureLoad, warmUp } from "./load.mjs";
import { readLoads, readNumbers, readOptions } from "./options.mjs";
import { publish } from "./results.mjs";
import { withBothSystems } from "./side-by-side.mjs";

const OWN = [
  ["load", "<clients/connections,…>"],
  ["value-bytes", "<n,…>"],
  ["endpoints", "<leader|all>   who is loaded: the leader, or every member with the leader first"],
  ["key-space", "<n>            different keys, all of which exist"],
];

/** `operations` are names the generator knows, by the name they have in the table. */
export async function askLoadQuestion({ name, question, operations, defaults = {}, quick = {} }) {
  const options = readOptions({
    name,
    question,
    own: OWN,
    defaults: {
      load: "1/1,10/1,100/10,1000/100",
      "value-bytes": "256",
      endpoints: "all",
      "key-space": "100000",
      ...defaults,
    },
    quick: { load: "10/1,100/10", "key-space": "10000", ...quick },
  });
  prepare();
  const keySpace = Number(options["key-space"]);
  const sizes = readNumbers(options["value-bytes"]);
  const cases = Object.entries(operations).flatMap(([title, operation]) =>
    sizes.flatMap((valueBytes) =>
      readLoads(options.load).map((load) => ({
        name: [
          title,
          sizes.length > 1 ? `${valueBytes} B` : "",
          `${load.clients}/${load.connections}`,
        ]
          .filter(Boolean)
          .join(" "),
        load: { ...load, operation, valueBytes, keySpace, seconds: Number(options.seconds) },
      })),
    ),
  );
  const measured = await withBothSystems(
    async ({ systems }) => {
      const seconds = Number(options["warm-up-seconds"]);
      for (const operation of Object.values(operations)) {
        await warmUp(systems, { seconds, keySpace, valueBytes: sizes[0], operation });
      }
      return alternate(systems, cases, Number(options.runs), (system, each) =>
        measureLoad(system, each.load, options.endpoints),
      );
    },
    { only: options.only },
  );
  publish(options.results, name, {
    title: `${question} (${options["value-bytes"]} B)`,
    notes: [
      `Three members and the generator on one machine, fsync on, ${options.endpoints === "leader" ? "the leader" : "all members"} loaded; clients/connections.`,
    ],
    metrics: LOAD_METRICS,
    measured,
  });
}
