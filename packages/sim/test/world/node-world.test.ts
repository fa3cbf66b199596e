import { expect, test } from "vitest";
import { bytesOf, textOf } from "../../src/oracles/reference-store.ts";
import { NodeWorld } from "../../src/world/node-world.ts";

test("three nodes elect a leader, take a write and read it back", async () => {
  const lines: string[] = [];
  const world = new NodeWorld(1, {}, (line) => lines.push(line));
  world.startAll();
  const led = await world.simulation.runUntil(() => world.leader() !== undefined, 10_000);
  if (!led) console.log(lines, world.violations);
  expect(led).toBe(true);
  const { life } = world.node(2);
  let answer = "";
  life?.replica
    .propose({ type: "put", key: bytesOf("a"), value: bytesOf("1") })
    .then(() => life.replica.query({ type: "range", key: bytesOf("a") }))
    .then((found) => {
      answer = found.type === "range" ? textOf(found.kvs[0]?.value ?? bytesOf("")) : found.type;
    });
  await world.simulation.runUntil(() => answer !== "", 10_000);
  expect(answer).toBe("1");
  expect(world.violations).toEqual([]);
});
