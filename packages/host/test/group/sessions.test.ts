import { expect, test } from "vitest";
import { ByteWriter } from "../../src/wire/byte-writer.ts";
import { GroupCluster } from "./cluster.ts";

test("a session command that is repeated anywhere gets its first result", async () => {
  const cluster = await GroupCluster.of(3);
  const [one, two, three] = cluster.all;
  if (one === undefined || two === undefined || three === undefined) throw new Error("three");
  const session = await cluster.complete(one.replica.openSession());
  const request = session.next();
  const first = await cluster.complete(one.replica.propose({ word: "x" }, { session: request }));
  const again = await cluster.complete(two.replica.propose({ word: "x" }, { session: request }));
  const thrice = await cluster.complete(
    Promise.all([1, 2].map(() => three.replica.propose({ word: "x" }, { session: request }))),
  );
  expect([first, again, ...thrice].map(({ result }) => result)).toEqual([1, 1, 1, 1]);
  expect(await cluster.complete(two.replica.query("x"))).toBe(1);
});

test("the same request twice in one turn is applied once", async () => {
  const cluster = await GroupCluster.of(3);
  const { replica } = await cluster.leader();
  const session = await cluster.complete(replica.openSession());
  const request = session.next();
  const results = await cluster.complete(
    Promise.all([
      replica.propose({ word: "x" }, { session: request }),
      replica.propose({ word: "y" }),
      replica.propose({ word: "x" }, { session: request }),
    ]),
  );
  expect(results.map(({ result }) => result)).toEqual([1, 1, 1]);
});

test("an acknowledged answer is forgotten, a closed session is gone", async () => {
  const cluster = await GroupCluster.of(3);
  const { replica } = await cluster.leader();
  const session = await cluster.complete(replica.openSession());
  const first = session.next();
  await cluster.complete(replica.propose({ word: "x" }, { session: first }));
  session.acknowledge(first.sequence);
  await cluster.complete(replica.propose({ word: "x" }, { session: session.next() }));
  const repeated = replica.propose({ word: "x" }, { session: first });
  const [late] = await cluster.complete(Promise.allSettled([repeated]));
  expect(late).toMatchObject({ reason: { code: "SESSION_EXPIRED" } });
  await cluster.complete(session.close());
  const after = replica.propose({ word: "x" }, { session: session.next() });
  const [gone] = await cluster.complete(Promise.allSettled([after]));
  expect(gone).toMatchObject({ reason: { code: "SESSION_EXPIRED" } });
  expect(await cluster.complete(replica.query("x"))).toBe(2);
});

test("all members forget the same sessions, however they portion their work", async () => {
  const cluster = await GroupCluster.of(3, {
    limits: { userSessionsMax: 5, userSessionBytesMax: 2_000 },
  });
  // One member answers each portion later, so its portions differ from the others'.
  const slow = cluster.member(2);
  slow.machine.delay = (run) => slow.environment.setTimer(2, run);
  const sessions = await cluster.complete(
    Promise.all(
      cluster.all.flatMap(({ replica }) => [replica.openSession(), replica.openSession()]),
    ),
  );
  const proposals = Array.from({ length: 200 }, (_, nth) => {
    const session = sessions[nth % sessions.length];
    const { replica } = cluster.member((nth % 3) + 1);
    return replica.propose({ word: `w${nth % 11}` }, { session: session?.next() });
  });
  await cluster.complete(Promise.allSettled(proposals));
  slow.machine.delay = undefined;
  await cluster.complete(cluster.member(1).replica.propose({ word: "end" }));
  await cluster.converge();
  expect(new Set(cluster.all.map((member) => companionOf(cluster, member.id))).size).toBe(1);
});

test("sessions need a codec for results", async () => {
  const cluster = await GroupCluster.of(1, { results: undefined });
  const [opened] = await cluster.complete(
    Promise.allSettled([cluster.member(1).replica.openSession()]),
  );
  expect(opened).toMatchObject({ reason: { code: "INVALID_ARGUMENT" } });
});

/** The replicated session state of a member, as it would go into a snapshot. */
function companionOf(cluster: GroupCluster, id: number): string {
  const { companion } = cluster.groupOf(id);
  const writer = new ByteWriter();
  companion.userSessions.write(writer);
  companion.memberSessions.write(writer);
  return Buffer.from(writer.take()).toString("hex");
}
