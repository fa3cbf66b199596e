import { memoryEnvironment, World } from "@quorate/host";
import { KvMachine, MemoryStore } from "@quorate/kv";
import { expect, test } from "vitest";
import { LeaseKeeper, type LeaseKeeperOptions } from "../../src/member/lease-keeper.ts";

test("a leader that has not applied a grant yet does not say that the lease does not exist", async () => {
  const world = new World();
  const machine = new KvMachine({
    store: new MemoryStore(),
    defer: (run) => world.schedule(0, run),
  });
  const command = { type: "leaseGrant", id: 7n, ttlSeconds: 60 } as const;
  const keeper = new LeaseKeeper({
    machine,
    store: {
      lookAfterSpace: () => undefined,
      readBarrier: async () => undefined,
      // A linearizable read waits until what is committed is applied here as well.
      queryAsSystem: async (query: Parameters<KvMachine["query"]>[0]) => {
        machine.apply([{ term: 1, index: 1, slot: 0, proposedAtMs: 0, command }]);
        return machine.query(query);
      },
    },
    standing: { isLeader: true, term: 1, onChange: () => () => undefined },
    callers: { pending: () => undefined, of: () => undefined },
    leader: { renew: async () => undefined, timeToLive: async () => undefined },
    environment: memoryEnvironment({ world }),
    electionTimeoutMs: 1_000,
    requestTimeoutMs: 5_000,
    logger: { warn: () => undefined },
  } as unknown as LeaseKeeperOptions);
  expect(await keeper.answers.timeToLive(7n, false)).toMatchObject({
    ttlSeconds: 60,
    grantedTtlSeconds: 60,
  });
  keeper.close();
});
