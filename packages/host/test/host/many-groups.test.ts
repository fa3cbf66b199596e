import { expect, test } from "vitest";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { MemoryNetwork } from "../../src/environment/memory-network.ts";
import { World } from "../../src/environment/world.ts";
import { LocalHost } from "../../src/host/local-host.ts";
import type { CounterReplica } from "../group/cluster.ts";
import { CounterMachine, numbers, words } from "../group/counter-machine.ts";
import { MemoryStorage } from "../group/memory-storage.ts";

interface Hosts {
  readonly world: World;
  readonly hosts: readonly LocalHost[];
  /** By host, then by group. */
  readonly replicas: readonly (readonly CounterReplica[])[];
  readonly machines: readonly (readonly CounterMachine[])[];
}

/** Three hosts that carry so many groups. */
async function carry(groups: number, balanceLeaders = false): Promise<Hosts> {
  const world = new World({ seed: 5 });
  const network = new MemoryNetwork(world);
  const ids = [1, 2, 3];
  const initial = ids.map((id) => ({ id, address: `host${id}:1`, name: "" }));
  const machines = ids.map(() => Array.from({ length: groups }, () => new CounterMachine()));
  const opened = Promise.all(
    ids.map(async (hostId) => {
      const environment = memoryEnvironment({ world, network, host: `host${hostId}` });
      const storage = new MemoryStorage(environment);
      const host = await LocalHost.open(
        {
          environment,
          directory: "/data",
          clusterId: "many",
          hostId,
          listenAddress: `host${hostId}:1`,
          balanceLeaders,
        },
        () => storage,
      );
      const replicas = await Promise.all(
        Array.from({ length: groups }, (_, place) =>
          host.createGroup(
            {
              groupId: place + 1,
              machine: machines[hostId - 1]?.[place] as CounterMachine,
              commands: words,
              results: numbers,
            },
            initial,
          ),
        ),
      );
      return { host, replicas };
    }),
  );
  const results = await world.complete(opened);
  const replicas = results.map((result) => result.replicas);
  const settled = await world.runUntil(
    () => replicas.every((of) => of.every(({ leader }) => leader !== undefined)),
    60_000,
  );
  expect(settled).toBe(true);
  return { world, hosts: results.map(({ host }) => host), replicas, machines };
}

function leads({ replicas }: Hosts): number[] {
  return replicas.map((of) => of.filter(({ role }) => role === "leader").length);
}

test("a hundred idle groups share their heartbeats", async () => {
  const { world, hosts } = await carry(100);
  await world.run(5_000);
  const before = hosts.map((host) => host.metrics());
  await world.run(10_000);
  hosts.forEach((host, place) => {
    const frames = host.metrics().framesSent - (before[place]?.framesSent ?? 0);
    // Per second and peer: ten frames of heartbeats, as many answers, and a few pings.
    expect(frames).toBeLessThan(10 * 2 * (10 + 10 + 20));
  });
});

test("a hundred groups answer, and one slow machine delays nobody else", async () => {
  const { world, replicas, machines } = await carry(100);
  for (const of of machines) {
    const slow = of[0];
    if (slow !== undefined) slow.delay = (run) => world.schedule(5_000, run);
  }
  const began = world.nowMs;
  const stuck = replicas[0]?.[0]?.propose({ word: "slow" }, { timeoutMs: 60_000 });
  const others = replicas[0]?.slice(1).map((replica) => replica.propose({ word: "quick" })) ?? [];
  await world.complete(Promise.all(others));
  expect(world.nowMs - began).toBeLessThan(1_000);
  expect((await world.complete(stuck ?? Promise.reject()))?.result).toBe(1);
  expect(world.nowMs - began).toBeGreaterThan(4_000);
});

test("a host that leads too many groups hands some over", async () => {
  const many = await carry(30, true);
  const { world, replicas } = many;
  await world.complete(
    Promise.all(replicas[0]?.map((replica) => replica.transferLeadership(1)) ?? []),
  );
  const balanced = await world.runUntil(() => Math.max(...leads(many)) <= 10, 1_200_000);
  expect(balanced).toBe(true);
});
