import { expect, test } from "vitest";
import type { MembershipStage } from "../../src/group/membership-request.ts";
import { GroupCluster } from "./cluster.ts";

async function withHistory(size: number, seed = 1): Promise<GroupCluster> {
  const cluster = await GroupCluster.of(size, {}, seed);
  const { replica } = await cluster.leader();
  const proposals = Array.from({ length: 50 }, (_, nth) => replica.propose({ word: `w${nth}` }));
  await cluster.complete(Promise.all(proposals));
  return cluster;
}

test("a new voter joins as a learner, catches up and gets its vote, in one call", async () => {
  const cluster = await withHistory(3);
  const leader = await cluster.leader();
  const joined = await cluster.join(4, [1, 2, 3]);
  const stages: MembershipStage["stage"][] = [];
  const membership = await cluster.complete(
    leader.replica.changeMembership([{ action: "voter", member: 4, address: "host4:1" }], {
      onStage: ({ stage }) => stages.push(stage),
      timeoutMs: 20_000,
    }),
  );
  expect(membership).toMatchObject({ voters: [1, 2, 3, 4], outgoing: [], learners: [] });
  expect(stages.filter((stage) => stage !== "catchingUp")).toEqual([
    "addingLearners",
    "changing",
    "done",
  ]);
  expect((await cluster.complete(joined.replica.propose({ word: "w1" }))).result).toBe(2);
  await cluster.converge();
});

test("a follower can ask, and hears the stages", async () => {
  const cluster = await withHistory(3);
  const follower = cluster.follower(await cluster.leader());
  await cluster.join(4, [1, 2, 3]);
  const stages: MembershipStage["stage"][] = [];
  const membership = await cluster.complete(
    follower.replica.changeMembership(
      [{ action: "learner", member: 4, address: "host4:1", name: "four" }],
      { onStage: ({ stage }) => stages.push(stage), timeoutMs: 20_000 },
    ),
  );
  expect(membership).toMatchObject({ voters: [1, 2, 3], learners: [4] });
  expect(stages).toEqual(["changing", "done"]);
  expect(follower.replica.status().members[3]).toEqual({
    id: 4,
    address: "host4:1",
    name: "four",
  });
});

test("members are exchanged in one joint change", async () => {
  const cluster = await withHistory(3);
  const leader = await cluster.leader();
  const gone = cluster.all.filter((member) => member !== leader).map(({ id }) => id);
  await cluster.join(4, [1, 2, 3]);
  await cluster.join(5, [1, 2, 3]);
  const joint: boolean[] = [];
  const membership = await cluster.complete(
    leader.replica.changeMembership(
      [
        { action: "voter", member: 4, address: "host4:1" },
        { action: "voter", member: 5, address: "host5:1" },
        ...gone.map((member) => ({ action: "remove" as const, member })),
      ],
      {
        timeoutMs: 30_000,
        onStage: (stage) => {
          if (stage.stage === "changing") joint.push(stage.joint);
        },
      },
    ),
  );
  expect(membership.voters).toEqual([leader.id, 4, 5]);
  expect(joint).toEqual([true]);
  for (const id of gone) cluster.kill(id);
  expect((await cluster.complete(leader.replica.propose({ word: "w1" }))).result).toBe(2);
  await cluster.converge();
});

test("a leader that is removed hands over first", async () => {
  const cluster = await withHistory(3);
  const leader = await cluster.leader();
  const membership = await cluster.complete(
    leader.replica.changeMembership([{ action: "remove", member: leader.id }], {
      timeoutMs: 20_000,
    }),
  );
  expect(membership.voters).toEqual([1, 2, 3].filter((id) => id !== leader.id));
  // Somebody else led before the removal was in force.
  const told = cluster.follower(leader).events.flatMap((event) => {
    if (event.type !== "replica") return [];
    if (event.event.type === "role") return [`leader ${event.event.leader}`];
    const removes = event.event.type === "membership" && event.event.membership.voters.length === 2;
    return removes && event.event.members.length === 2 ? ["removed"] : [];
  });
  const leaders = told.slice(0, told.lastIndexOf("removed")).filter((line) => line !== "leader 0");
  expect(leaders.at(-1)).not.toBe(`leader ${leader.id}`);
  const refused = await cluster.complete(
    Promise.allSettled([leader.replica.propose({ word: "x" }, { timeoutMs: 1_000 })]),
  );
  expect(refused[0]?.status).toBe("rejected");
  cluster.kill(leader.id);
  const next = await cluster.leader();
  expect((await cluster.complete(next.replica.propose({ word: "w1" }))).result).toBe(2);
});

test("a change that would cost the majority is refused and explained", async () => {
  const cluster = await withHistory(3);
  const leader = await cluster.leader();
  const [lost, kept] = cluster.all.filter((member) => member !== leader);
  if (lost === undefined || kept === undefined) throw new Error("three");
  cluster.kill(lost.id);
  const silence = `Member ${lost.id} does not answer.`;
  await cluster.until(() => leader.replica.status().warnings.includes(silence));
  const change = leader.replica.changeMembership([{ action: "remove", member: kept.id }]);
  const [refused] = await cluster.complete(Promise.allSettled([change]));
  expect(refused).toMatchObject({ reason: { code: "MEMBERSHIP_REFUSED", outcome: "notApplied" } });
  expect(String((refused as PromiseRejectedResult).reason)).toContain(`${lost.id} do not answer`);
});

test("a change that expects another membership is refused", async () => {
  const cluster = await withHistory(3);
  const { replica } = await cluster.leader();
  const expected = {
    voters: [1, 2],
    outgoing: [],
    learners: [],
    learnersNext: [],
    autoLeave: false,
  };
  const change = replica.changeMembership([{ action: "remove", member: 3 }], { expected });
  const [refused] = await cluster.complete(Promise.allSettled([change]));
  expect(refused).toMatchObject({ reason: { code: "MEMBERSHIP_CONFLICT" } });
});

test.each([
  [
    "twice the same member",
    [
      { action: "remove", member: 2 },
      { action: "remove", member: 2 },
    ],
  ],
  ["a new member without an address", [{ action: "voter", member: 9 }]],
] as const)("%s is an invalid argument", async (_, steps) => {
  const cluster = await withHistory(3);
  const { replica } = await cluster.leader();
  const [refused] = await cluster.complete(Promise.allSettled([replica.changeMembership(steps)]));
  expect(refused).toMatchObject({ reason: { code: "INVALID_ARGUMENT", outcome: "notApplied" } });
});

test("a new voter that never starts stays a learner, and the caller is told", async () => {
  const cluster = await withHistory(3);
  const { replica } = await cluster.leader();
  const change = replica.changeMembership([{ action: "voter", member: 4, address: "host4:1" }], {
    timeoutMs: 3_000,
    catchUpEntriesMax: 0,
  });
  const [refused] = await cluster.complete(Promise.allSettled([change]));
  expect(refused).toMatchObject({ reason: { code: "TIMEOUT", outcome: "unknown" } });
  expect(replica.status().core.membership).toMatchObject({ voters: [1, 2, 3], learners: [4] });
});

test("a change survives the leader that was working on it", async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const cluster = await withHistory(3, seed);
    const leader = await cluster.leader();
    const follower = cluster.follower(leader);
    await cluster.join(4, [1, 2, 3]);
    const change = follower.replica.changeMembership(
      [{ action: "voter", member: 4, address: "host4:1" }],
      { timeoutMs: 60_000 },
    );
    await cluster.world.run(seed * 25);
    cluster.kill(leader.id);
    expect((await cluster.complete(change)).voters).toEqual([1, 2, 3, 4]);
  }
});

test("an error in onStage is the caller's and stops nobody", async () => {
  const cluster = await withHistory(3);
  const leader = await cluster.leader();
  for (const [member, asked] of [leader, cluster.follower(leader)].entries()) {
    const step = { action: "learner", member: 4 + member, address: `host${4 + member}:1` } as const;
    const change = asked.replica.changeMembership([step], {
      onStage: ({ stage }) => {
        if (stage === "changing") throw new Error("a mistake in onStage");
      },
    });
    // It surfaces as any uncaught error does.
    await expect(cluster.complete(change)).rejects.toThrow("a mistake in onStage");
    expect((await cluster.complete(change)).learners).toContain(4 + member);
    expect(asked.replica.status().condition).toBe("running");
  }
});

test("a change that is aborted on the leader ends there, and the next one can begin", async () => {
  const cluster = await withHistory(3);
  const { replica } = await cluster.leader();
  const abort = new AbortController();
  const change = replica.changeMembership([{ action: "voter", member: 4, address: "host4:1" }], {
    signal: abort.signal,
    timeoutMs: 60_000,
    catchUpEntriesMax: 0,
  });
  await cluster.until(() => replica.status().core.membership.learners.includes(4));
  abort.abort();
  const [ended] = await cluster.complete(Promise.allSettled([change]), 1_000);
  expect(ended).toMatchObject({ reason: { code: "ABORTED", outcome: "unknown" } });
  const next = replica.changeMembership([{ action: "remove", member: 4 }]);
  expect((await cluster.complete(next, 2_000)).learners).toEqual([]);
});

test("a change whose time runs out behind another one was not begun", async () => {
  const cluster = await withHistory(3);
  const { replica } = await cluster.leader();
  const step = { action: "voter", member: 4, address: "host4:1" } as const;
  const slow = replica.changeMembership([step], { timeoutMs: 20_000, catchUpEntriesMax: 0 });
  const waiting = replica.changeMembership([{ action: "remove", member: 4 }], { timeoutMs: 1_000 });
  const [late] = await cluster.complete(Promise.allSettled([waiting]), 2_000);
  expect(late).toMatchObject({ reason: { code: "TIMEOUT", outcome: "notApplied" } });
  await cluster.complete(Promise.allSettled([slow]));
  expect(replica.status().core.membership.learners).toEqual([4]);
});

test("a refusal after a change of leader does not say that nothing was done", async () => {
  const cluster = await withHistory(3);
  const leader = await cluster.leader();
  const follower = cluster.follower(leader);
  const third = cluster.all.find(({ id }) => id !== leader.id && id !== follower.id);
  const { membership: expected, last } = leader.replica.status().core;
  const change = follower.replica.changeMembership(
    [{ action: "learner", member: 4, address: "host4:1" }],
    { expected, timeoutMs: 60_000 },
  );
  await cluster.until(() => leader.replica.status().core.last.index > last.index);
  cluster.network.partition([`host${leader.id}`], [`host${follower.id}`]);
  await cluster.until(() => third?.replica.status().core.membership.learners.includes(4) === true);
  cluster.kill(leader.id);
  const [refused] = await cluster.complete(Promise.allSettled([change]));
  expect(refused).toMatchObject({ reason: { code: "MEMBERSHIP_CONFLICT", outcome: "unknown" } });
  expect(follower.replica.status().core.membership.learners).toEqual([4]);
});

test("an address that changes is followed", async () => {
  const cluster = await withHistory(3);
  const leader = await cluster.leader();
  const follower = cluster.follower(leader);
  await cluster.complete(
    leader.replica.changeMembership([
      { action: "update", member: follower.id, address: "elsewhere:7", name: "moved" },
    ]),
  );
  const peer = leader.host.peers().find(({ peer: id }) => id === follower.id);
  expect(peer?.address).toBe("elsewhere:7");
});

test("leadership goes where it is sent, from anywhere", async () => {
  const cluster = await withHistory(3);
  for (const asked of [1, 2, 3]) {
    for (const to of [1, 2, 3]) {
      const { replica } = cluster.member(asked);
      expect(await cluster.complete(replica.transferLeadership(to))).toBe(to);
      expect((await cluster.leader()).id).toBe(to);
    }
  }
  const leader = await cluster.leader();
  const next = await cluster.complete(leader.replica.transferLeadership());
  expect(next).not.toBe(leader.id);
});

test("a transfer to a member that is away fails, and the leader goes on", async () => {
  const cluster = await withHistory(3);
  const leader = await cluster.leader();
  const away = cluster.follower(leader);
  cluster.kill(away.id);
  const transfer = leader.replica.transferLeadership(away.id, { timeoutMs: 3_000 });
  const [failed] = await cluster.complete(Promise.allSettled([transfer]));
  expect(failed).toMatchObject({ reason: { code: "TIMEOUT" } });
  expect((await cluster.complete(leader.replica.propose({ word: "w1" }))).result).toBe(2);
});

test("a member that was away when it was removed is told when it comes back, and falls quiet", async () => {
  const cluster = await withHistory(3);
  const leader = await cluster.leader();
  const away = cluster.follower(leader);
  cluster.kill(away.id);
  await cluster.complete(
    leader.replica.changeMembership([{ action: "remove", member: away.id }], {
      timeoutMs: 20_000,
    }),
  );
  const back = await cluster.reopen(away.id);
  await cluster.until(() => back.replica.status().condition === "removed");
  const [refused] = await cluster.complete(
    Promise.allSettled([back.replica.propose({ word: "x" })]),
  );
  expect(refused).toMatchObject({ reason: { outcome: "notApplied" } });
  const { term } = leader.replica.status().core;
  await cluster.world.run(20_000);
  expect(leader.replica.status().core.term).toBe(term);
});

test("a member without a log elects nobody: it may be a voter that came back empty", async () => {
  const cluster = await GroupCluster.of(3);
  await cluster.join(4, [1, 2, 3]);
  const group = cluster.groupOf(4);
  const last = { term: 1, index: 50 };
  for (const type of ["preVote", "vote"] as const) {
    group.onMessage({ type, from: 1, to: 4, term: 90, last, transfer: false });
  }
  await cluster.world.run(1_000);
  expect(group.core.status()).toMatchObject({ vote: 0, term: 0 });
});
