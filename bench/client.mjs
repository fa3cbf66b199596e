// node bench/client.mjs: the client library's puts and reads per second, against Quorate and against etcd.
import { Client } from "@quorate/client";
import { prepare } from "../scripts/prepare.mjs";
import { alternate, endpointsOf, warmUp } from "./lib/load.mjs";
import { readNumbers, readOptions } from "./lib/options.mjs";
import { publish } from "./lib/results.mjs";
import { withBothSystems } from "./lib/side-by-side.mjs";

const question = "The client library";
const options = readOptions({
  name: "client",
  question,
  own: [["in-flight", "<n,…>   requests under way at a time"]],
  defaults: { "in-flight": "1,100" },
});
prepare();
const value = new Uint8Array(256).fill(0x76);
const KEYS = 10_000;

async function load(endpoints, operation, inFlight, seconds) {
  const client = new Client({ endpoints });
  try {
    await client.put("warm", value);
    const latencies = [];
    const cpuBefore = process.cpuUsage();
    const from = performance.now();
    const end = from + seconds * 1000;
    let errors = 0;
    const caller = async (caller) => {
      for (let count = 0; performance.now() < end; count += 1) {
        const began = performance.now();
        const key = `key-${(caller * 7919 + count) % KEYS}`;
        try {
          if (operation === "put") await client.put(key, value);
          else await client.get(key);
          latencies.push(performance.now() - began);
        } catch {
          errors += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: inFlight }, (_, place) => caller(place)));
    const tookMs = performance.now() - from;
    const { user, system } = process.cpuUsage(cpuBefore);
    latencies.sort((a, b) => a - b);
    const at = (part) => latencies[Math.floor((latencies.length - 1) * part)];
    return {
      perSecond: (1000 * latencies.length) / tookMs,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      clientCpuMicroseconds: (user + system) / latencies.length,
      errors,
    };
  } finally {
    await client.close();
  }
}

const measured = await withBothSystems(
  async ({ systems }) => {
    const warmUpSeconds = Number(options["warm-up-seconds"]);
    await warmUp(systems, { seconds: warmUpSeconds, keySpace: KEYS, valueBytes: 256 });
    for (const { cluster } of systems) {
      await load(await endpointsOf(cluster, "all"), "put", 50, Math.min(5, warmUpSeconds));
    }
    const cases = ["put", "get"].flatMap((operation) =>
      readNumbers(options["in-flight"]).map((inFlight) => ({
        name: `${operation}, ${inFlight} in flight`,
        operation,
        inFlight,
      })),
    );
    return alternate(systems, cases, Number(options.runs), async ({ cluster }, each) =>
      load(
        await endpointsOf(cluster, "all"),
        each.operation,
        each.inFlight,
        Number(options.seconds),
      ),
    );
  },
  { only: options.only },
);
publish(options.results, "client", {
  title: question,
  notes: ["One client in one process, against three members of each system."],
  metrics: [
    { key: "perSecond", title: "per second" },
    { key: "p50Ms", title: "p50 ms", digits: 2 },
    { key: "p99Ms", title: "p99 ms", digits: 2 },
    { key: "clientCpuMicroseconds", title: "client's CPU µs", digits: 1 },
  ],
  measured,
});
