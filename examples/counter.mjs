// A replicated counter: three hosts, one group, ten lines that matter. Run it: node examples/counter.mjs
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHost, jsonCodec, memoryMachine } from "@quorate/host";
import { nodeEnvironment } from "@quorate/host/node";

const folder = mkdtempSync(join(tmpdir(), "quorate-counter-"));
const members = [1, 2, 3].map((id) => ({
  id,
  name: `c${id}`,
  address: `127.0.0.1:${26_790 + id}`,
}));

const replicas = await Promise.all(
  members.map(async ({ id, address }) => {
    const host = await createHost({
      environment: nodeEnvironment(),
      directory: join(folder, `${id}`),
      clusterId: "counter",
      hostId: id,
      listenAddress: address,
    });
    const machine = memoryMachine({
      initial: 0,
      apply: (total, { command }) => [total + command, total + command],
      query: (total) => total,
    });
    const group = { groupId: 1, machine, commands: jsonCodec() };
    const replica = await ((await host.hasGroup(1))
      ? host.openGroup(group)
      : host.createGroup(group, members));
    return { host, replica };
  }),
);

const [first, second, third] = replicas.map(({ replica }) => replica);
const { result, position } = await first.propose(5, { timeoutMs: 10_000 });
console.log(`The counter is ${result}; the log holds the command at index ${position.index}.`);
await Promise.all([second.propose(1), third.propose(1), first.propose(1)]);
console.log(
  `Asked on another member, with a majority's word for it: ${await third.query(undefined)}`,
);

await Promise.all(replicas.map(({ host }) => host.close()));
rmSync(folder, { recursive: true, force: true });
