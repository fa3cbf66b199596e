// Operations per second of the linearizability checker on easy histories: many keys, few operations at the same time.
//   node bench/sim/linearizability.mjs [--operations <n>]
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "../../zoo/lib/bundle.mjs";

const { values } = parseArgs({ options: { operations: { type: "string", default: "500000" } } });
const COUNT = Number(values.operations);
const folder = mkdtempSync(join(tmpdir(), "quorate-linearizability-"));

/** A history of registers that is right by construction: every operation takes effect at a moment within its call. */
function history(random, { clients, keys, unknownRate }) {
  const held = new Map();
  const open = [];
  const operations = [];
  let time = 0;
  while (operations.length < COUNT) {
    if (open.length < clients && random.chance(0.6)) {
      const key = `k${random.integer(keys)}`;
      const calledAt = ++time;
      const isRead = random.chance(0.5);
      const input = isRead
        ? { type: "read", key }
        : { type: "write", key, value: operations.length + open.length + time };
      open.push({ client: open.length, input, calledAt });
    } else if (open.length > 0) {
      const [{ client, input, calledAt }] = open.splice(random.integer(open.length), 1);
      const { key } = input;
      let output = { type: "value", value: held.get(key) ?? null };
      if (input.type === "write") {
        held.set(key, input.value);
        output = { type: "written" };
      }
      const isUnknown = input.type === "write" && random.chance(unknownRate);
      operations.push({
        client,
        input,
        output: isUnknown ? undefined : output,
        calledAt,
        returnedAt: isUnknown ? Number.POSITIVE_INFINITY : ++time,
      });
    }
  }
  return operations;
}

const SHAPES = [
  { name: "10 clients, 100 keys, 1 % unknown", clients: 10, keys: 100, unknownRate: 0.01 },
  { name: "20 clients, 1000 keys, 0.1 % unknown", clients: 20, keys: 1000, unknownRate: 0.001 },
];

try {
  const file = join(folder, "sim.mjs");
  await bundle(join(import.meta.dirname, "../.."), file);
  const { checkLinearizability, registerModel, Random } = await import(pathToFileURL(file).href);
  console.log(`${cpus()[0]?.model}, Node ${process.version}`);
  for (const shape of SHAPES) {
    const operations = history(Random.fromSeed(1), shape);
    const from = process.cpuUsage().user;
    const { verdict } = checkLinearizability(registerModel, operations);
    const seconds = (process.cpuUsage().user - from) / 1e6;
    const rate = Math.round(COUNT / seconds).toLocaleString("en");
    console.log(`${shape.name}: ${verdict}, ${rate} operations/s (${seconds.toFixed(2)} CPU s)`);
    if (verdict !== "linearizable") process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
