import { expect, test } from "vitest";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { World } from "../../src/environment/world.ts";
import { jsonCodec } from "../../src/group/json-codec.ts";
import { memoryMachine } from "../../src/group/memory-machine.ts";
import { createHost } from "../../src/host/create-host.ts";

const options = {
  directory: "/data",
  clusterId: "test",
  hostId: 1,
  listenAddress: "localhost:1",
};

test("a host on a full disk says so with a code, when it starts and when it makes a group", async () => {
  const disk = new MemoryDisk();
  disk.capacityBytes = 0;
  const world = new World();
  const environment = memoryEnvironment({ disk, world });
  await expect(world.complete(createHost({ ...options, environment }))).rejects.toMatchObject({
    code: "STORAGE_FULL",
    outcome: "notApplied",
    retryable: true,
  });
  disk.capacityBytes = 4_000;
  const host = await world.complete(createHost({ ...options, environment }));
  const machine = memoryMachine({
    initial: 0,
    apply: (sum: number, { command }: { readonly command: number }) => [sum + command, sum],
    query: (sum: number) => sum,
  });
  const group = { groupId: 1, machine, commands: jsonCodec<number>() };
  const initial = [{ id: 1, address: "localhost:1", name: "" }];
  await expect(world.complete(host.createGroup(group, initial))).rejects.toMatchObject({
    code: "STORAGE_FULL",
  });
});
