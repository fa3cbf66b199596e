import { expect, test } from "vitest";
import type { MemoryEnvironment } from "../../src/environment/memory-environment.ts";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import type { AcceptsDataLoss } from "../../src/host/unsafe-recover.ts";
import { previewRecovery, unsafeRecover } from "../../src/host/unsafe-recover.ts";
import type { RecoveryReport } from "../../src/host.ts";
import { GroupCluster } from "../group/cluster.ts";
import { CounterMachine, numbers, words } from "../group/counter-machine.ts";

async function cluster(size: number): Promise<GroupCluster> {
  const made = await GroupCluster.of(
    size,
    { snapshotPolicy: { entriesMax: 20, bytesMax: 1 << 30, keepEntries: 5 } },
    1,
    true,
  );
  const { replica } = await made.leader();
  for (let nth = 0; nth < 50; nth++) await made.complete(replica.propose({ word: `w${nth % 7}` }));
  await made.converge();
  return made;
}

/** Kills the member and recovers the group on its disk. */
function recover(
  made: GroupCluster,
  id: number,
  confirm: AcceptsDataLoss = "I accept data loss",
): Promise<RecoveryReport> {
  const { environment } = made.member(id);
  made.kill(id);
  return recoverDisk(made, id, environment, confirm);
}

function recoverDisk(
  made: GroupCluster,
  id: number,
  environment: MemoryEnvironment,
  confirm: AcceptsDataLoss = "I accept data loss",
): Promise<RecoveryReport> {
  made.clusterIds.set(id, "test-2");
  const offline = memoryEnvironment({
    world: made.world,
    network: made.network,
    host: `tool${id}`,
    disk: environment.disk,
  });
  const spec = { groupId: 1, machine: new CounterMachine(), commands: words, results: numbers };
  const options = {
    environment: offline,
    directory: "/data",
    clusterId: "test",
    newClusterId: "test-2",
    hostId: id,
  };
  return made.complete(unsafeRecover(options, spec, confirm));
}

test("the last survivor goes on alone with everything it had", async () => {
  const made = await cluster(3);
  made.kill(2);
  made.kill(3);
  const report = await recover(made, 1);
  expect(report.clusterId).toBe("test-2");
  expect(report.before.voters).toEqual([1, 2, 3]);
  expect(report.after.voters).toEqual([1]);
  expect(report.keptThrough.index).toBeGreaterThan(50);
  expect(report.knownCommitted).toBeLessThanOrEqual(report.keptThrough.index);
  await made.reopen(1);
  const { replica } = await made.leader();
  expect((await made.complete(replica.propose({ word: "w0" }))).result).toBe(9);
  expect(replica.status().members.map(({ id }) => id)).toEqual([1]);
});

test("new members join the recovered group", async () => {
  const made = await cluster(3);
  made.kill(2);
  made.kill(3);
  await recover(made, 1);
  await made.reopen(1);
  const { replica } = await made.leader();
  made.clusterIds.set(4, "test-2");
  await made.join(4, [1]);
  const membership = await made.complete(
    replica.changeMembership([{ action: "voter", member: 4, address: "host4:1" }], {
      timeoutMs: 30_000,
    }),
  );
  expect(membership.voters).toEqual([1, 4]);
  await made.converge();
});

test("lost members that turn up again are turned away, and do not lead the old cluster beside the new one's back", async () => {
  const made = await cluster(3);
  made.kill(2);
  made.kill(3);
  await recover(made, 1);
  await made.reopen(1);
  const { replica } = await made.leader();
  const term = replica.status().core.term;
  await made.reopen(2);
  await made.until(() =>
    made
      .member(1)
      .events.some(
        (event) => event.type === "transport" && event.event.type === "handshakeRefused",
      ),
  );
  await made.complete(replica.propose({ word: "w0" }));
  expect(replica.role).toBe("leader");
  expect(replica.status().core.term).toBe(term);
  expect(made.member(2).replica.role).not.toBe("leader");
});

test("after a crash in the middle it is run again, and again with what is recovered", async () => {
  const made = await cluster(3);
  made.kill(2);
  made.kill(3);
  const { environment } = made.member(1);
  await recover(made, 1);
  const again = await recoverDisk(made, 1, environment);
  expect(again.after.voters).toEqual([1]);
  await made.reopen(1);
  await made.leader();
});

test("a preview says what the recovery then does, and the member is the one it was", async () => {
  const made = await cluster(3);
  const { environment } = made.member(1);
  for (const id of [1, 2, 3]) made.kill(id);
  const offline = memoryEnvironment({
    world: made.world,
    network: made.network,
    host: "look",
    disk: environment.disk,
  });
  const options = {
    environment: offline,
    directory: "/data",
    clusterId: "test",
    newClusterId: "test-2",
    hostId: 1,
  };
  const spec = { groupId: 1, machine: new CounterMachine(), commands: words, results: numbers };
  const preview = await made.complete(previewRecovery(options, spec));
  expect(preview.before.voters).toEqual([1, 2, 3]);
  for (const id of [1, 2, 3]) await made.reopen(id);
  await made.leader();
  await made.converge();
  for (const id of [1, 2, 3]) made.kill(id);
  const report = await recoverDisk(made, 1, environment);
  expect(report.after).toEqual(preview.after);
  expect(report.keptThrough.index).toBeGreaterThanOrEqual(preview.keptThrough.index);
});

test("it is refused without the words, and on a folder in use", async () => {
  const made = await cluster(1);
  const { environment } = made.member(1);
  const options = {
    environment,
    directory: "/data",
    clusterId: "test",
    newClusterId: "test-2",
    hostId: 1,
  };
  const spec = { groupId: 1, machine: new CounterMachine(), commands: words, results: numbers };
  const other = "yes" as AcceptsDataLoss;
  await expect(unsafeRecover(options, spec, other)).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
  });
  const same = { ...options, newClusterId: "test" };
  await expect(unsafeRecover(same, spec, "I accept data loss")).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
  });
  const locked = unsafeRecover(options, spec, "I accept data loss");
  const [refused] = await made.complete(Promise.allSettled([locked]));
  expect(refused).toMatchObject({ reason: { code: "DATA_LOCKED" } });
});
