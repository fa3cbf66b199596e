import { expect, test } from "vitest";
import { GroupCluster } from "./cluster.ts";
import { DurableMachine, emptyMachineDisk, type MachineDisk } from "./durable-machine.ts";

async function clusterOfDurable(
  size: number,
): Promise<{ cluster: GroupCluster; disks: Map<number, MachineDisk> }> {
  const disks = new Map<number, MachineDisk>();
  const cluster = new GroupCluster({
    snapshotPolicy: { entriesMax: 1_000_000, bytesMax: 1 << 30, keepEntries: 20 },
  });
  cluster.machineOf = (id) => {
    const disk = disks.get(id) ?? emptyMachineDisk();
    disks.set(id, disk);
    return new DurableMachine(disk);
  };
  const ids = Array.from({ length: size }, (_, place) => place + 1);
  for (const id of ids) await cluster.create(id, cluster.initial(ids));
  await cluster.leader();
  return { cluster, disks };
}

test("a restart replays only what was not flushed", async () => {
  const { cluster, disks } = await clusterOfDurable(1);
  const { replica } = cluster.member(1);
  for (let nth = 0; nth < 30; nth++) await cluster.complete(replica.propose({ word: `w${nth}` }));
  await cluster.until(() => (disks.get(1)?.flushes ?? 0) > 0);
  for (let nth = 0; nth < 7; nth++) await cluster.complete(replica.propose({ word: "late" }));
  cluster.kill(1);
  const { machine, replica: again } = await cluster.reopen(1);
  expect(await cluster.complete(again.query("late"))).toBe(7);
  expect((machine as DurableMachine).replayed).toBe(7);
  expect(again.status().members.length).toBe(1);
});

test("the log goes only below what was flushed, and a member that needs more gets a snapshot", async () => {
  const { cluster, disks } = await clusterOfDurable(3);
  const leader = await cluster.leader();
  const away = cluster.follower(leader);
  cluster.kill(away.id);
  for (let nth = 0; nth < 400; nth++) {
    await cluster.complete(leader.replica.propose({ word: `w${nth % 10}` }));
  }
  await cluster.world.run(30_000);
  const { firstIndex } = leader.replica.status();
  expect(firstIndex).toBeGreaterThan(300);
  expect(firstIndex).toBeLessThanOrEqual((disks.get(leader.id)?.position.index ?? 0) + 1);
  const back = await cluster.reopen(away.id);
  await cluster.converge();
  expect(back.machine.counts.get("w3")).toBe(40);
});

test("an orderly close flushes, so that the next start replays nothing", async () => {
  const { cluster } = await clusterOfDurable(1);
  const { replica, host } = cluster.member(1);
  for (let nth = 0; nth < 5; nth++) await cluster.complete(replica.propose({ word: "w" }));
  await cluster.complete(host.close());
  cluster.kill(1);
  const { machine, replica: again } = await cluster.reopen(1);
  expect(await cluster.complete(again.query("w"))).toBe(5);
  expect((machine as DurableMachine).replayed).toBe(0);
});

test("a machine that is ahead of the log is refused with both positions", async () => {
  const { cluster, disks } = await clusterOfDurable(1);
  const disk = disks.get(1);
  if (disk === undefined) throw new Error("no disk");
  cluster.kill(1);
  disk.position = { term: 9, index: 999 };
  const [refused] = await Promise.allSettled([cluster.reopen(1)]);
  expect(refused).toMatchObject({
    reason: {
      code: "STATE_MACHINE_FAILED",
      message: expect.stringContaining("it is at 999, the log ends at"),
    },
  });
});

test("a machine without room to flush is asked again later, and its group goes on", async () => {
  const disk = emptyMachineDisk();
  let refusals = 0;
  class Full extends DurableMachine {
    override flush(...parts: Parameters<DurableMachine["flush"]>): Promise<void> {
      if (refusals === 3) return super.flush(...parts);
      refusals += 1;
      return Promise.reject(Object.assign(new Error("no room"), { code: "STORAGE_FULL" }));
    }
  }
  const cluster = new GroupCluster();
  cluster.machineOf = () => new Full(disk);
  await cluster.create(1, cluster.initial([1]));
  await cluster.leader();
  const { replica } = cluster.member(1);
  await cluster.complete(replica.propose({ word: "w" }));
  await cluster.until(() => refusals === 3);
  expect(replica.status().condition).toBe("running");
  await cluster.complete(replica.propose({ word: "w" }));
  await cluster.until(() => disk.flushes > 0);
  expect(disk.position.index).toBe(replica.appliedIndex);
});
