// A replicated counter: three hosts, one group, ten lines that matter. Run it: node examples/counter.mjs
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHost, jsonCodec, memoryMachine } from "@quorate/host";
import { nodeEnvironment } from "@quorate/host/node";

const folder = mkdtempSync(join(tmpdir(), "quorate-counter-"));

const counter = () =>
  memoryMachine({
    initial: 0,
    apply: (total, { command }) => [total + command, total + command],
    query: (total) => total,
  });

const hosts = await Promise.all(
  [1, 2, 3].map((hostId) =>
    createHost({
      environment: nodeEnvironment(),
      directory: join(folder, `${hostId}`),
      clusterId: "counter",
      hostId,
      listenAddress: "127.0.0.1:0",
    }),
  ),
);
const members = hosts.map(({ hostId, address }) => ({ id: hostId, name: `c${hostId}`, address }));
const [first, second, third] = await Promise.all(
  hosts.map((host) =>
    host.createGroup({ groupId: 1, machine: counter(), commands: jsonCodec() }, members),
  ),
);

const { result, position } = await first.propose(5, { timeoutMs: 10_000 });
console.log(`The counter is ${result}; the log holds the command at index ${position.index}.`);
await Promise.all([second.propose(1), third.propose(1), first.propose(1)]);
console.log(`Asked on another member, with a majority's word: ${await third.query(undefined)}`);

await Promise.all(hosts.map((host) => host.close()));
rmSync(folder, { recursive: true, force: true });
