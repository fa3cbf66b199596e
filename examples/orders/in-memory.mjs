// The order book of this folder under test: three members in this process, on a network, disks and a clock in memory.
// Nothing waits: time is virtual, and the same seed plays the same run. Run it: node examples/orders/in-memory.mjs
import assert from "node:assert/strict";
import { createHost, jsonCodec, MemoryNetwork, memoryEnvironment, World } from "@quorate/host";
import { orderBook } from "./machine.mjs";

const world = new World({ seed: 7 });
const network = new MemoryNetwork(world);
const members = [1, 2, 3].map((id) => ({ id, name: `orders-${id}`, address: `host${id}:1` }));

async function start(id, disk) {
  const environment = memoryEnvironment({ world, network, host: `host${id}`, disk });
  const { address } = members[id - 1];
  const options = { environment, directory: "/data", clusterId: "orders", listenAddress: address };
  const host = await createHost({ ...options, hostId: id });
  const group = { groupId: 1, machine: orderBook(), commands: jsonCodec() };
  const replica = (await host.hasGroup(1))
    ? await host.openGroup(group)
    : await host.createGroup(group, members);
  return { id, environment, replica };
}

let running = await world.complete(Promise.all([1, 2, 3].map((id) => start(id))));
const order = { id: "1", item: "tea", quantity: 2 };
await world.complete(running[0].replica.propose(order));

// The leader's machine loses power: of what was not synced, chance decides what is left.
const leader = running.find(({ replica }) => replica.role === "leader");
leader.environment.stop();
leader.environment.disk.crash(world.random);
running = running.filter((member) => member !== leader);
await world.complete(running[0].replica.propose({ id: "2", item: "tea", quantity: 3 }));

const back = await world.complete(start(leader.id, leader.environment.disk));
assert.equal(await world.complete(back.replica.query({ item: "tea" })), 5);
assert.deepEqual(await world.complete(back.replica.query({ id: "1" })), {
  item: "tea",
  quantity: 2,
});
console.log(`Power lost on member ${leader.id}, which led; ${Math.round(world.nowMs)} virtual ms.`);
console.log("It is back and has both orders: 5 boxes of tea.");
