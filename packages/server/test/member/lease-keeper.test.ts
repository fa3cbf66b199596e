import { memoryEnvironment, World } from "@quorate/host";
import { KvMachine, MemoryStore } from "@quorate/kv";
import { expect, test } from "vitest";
import { LeaseKeeper, type LeaseKeeperOptions } from "../../src/member/lease-keeper.ts";

/** A leader whose machine is behind: a linearizable read waits until `catchUp` has run. */
function keeperOf(machine: KvMachine, world: World, catchUp: () => void): LeaseKeeper {
  const standing = { isLeader: true, term: 1, onChange: () => () => undefined };
  const store = {
    lookAfterSpace: () => undefined,
    readBarrier: async () => catchUp(),
  };
  return new LeaseKeeper({
    machine,
    store,
    standing,
    callers: { pending: () => undefined, of: () => undefined },
    leader: { renew: async () => undefined, timeToLive: async () => undefined },
    environment: memoryEnvironment({ world }),
    electionTimeoutMs: 1_000,
    requestTimeoutMs: 5_000,
    logger: { warn: () => undefined },
  } as unknown as LeaseKeeperOptions);
}

function grant(machine: KvMachine): void {
  const command = { type: "leaseGrant", id: 7n, ttlSeconds: 60 } as const;
  machine.apply([{ term: 1, index: 1, slot: 0, proposedAtMs: 0, command }]);
}

test("a leader that has not applied a grant yet does not tell the owner that its lease is gone", async () => {
  const world = new World();
  const machine = new KvMachine({
    store: new MemoryStore(),
    defer: (run) => world.schedule(0, run),
  });
  const keeper = keeperOf(machine, world, () => grant(machine));
  expect(await keeper.answers.renewAll([7n])).toEqual([60]);
  keeper.close();
});

test("a lease that the group does not know is gone", async () => {
  const world = new World();
  const machine = new KvMachine({
    store: new MemoryStore(),
    defer: (run) => world.schedule(0, run),
  });
  const keeper = keeperOf(machine, world, () => undefined);
  expect(await keeper.answers.renewAll([7n])).toEqual([0]);
  keeper.close();
});

test("a deposed leader that does not know it answers no renewal of its own", async () => {
  const world = new World();
  const machine = new KvMachine({
    store: new MemoryStore(),
    defer: (run) => world.schedule(0, run),
  });
  // The round with the quorum is what tells it.
  const keeper = keeperOf(machine, world, () => machine.leaseClock.demote());
  grant(machine);
  expect(await keeper.answers.renewAll([7n])).toBeUndefined();
  keeper.close();
});
