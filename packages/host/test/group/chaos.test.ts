import { expect, test } from "vitest";
import { QuorateError } from "../../src/errors.ts";
import type { Session, SessionRequest } from "../../src/group/request.ts";
import type { Member } from "./cluster.ts";
import { GroupCluster } from "./cluster.ts";

interface Proposal {
  readonly word: string;
  readonly member: Member;
  /** Undefined while nothing is heard; a member that is killed never answers. */
  outcome: "applied" | "notApplied" | "unknown" | undefined;
  /** What must not be. */
  fault: string | undefined;
}

/** A run of a three-member group on real logs: crashes with power loss, partitions, transfers, small snapshots. */
async function run(seed: number, steps: number): Promise<void> {
  const cluster = await GroupCluster.of(
    3,
    { snapshotPolicy: { entriesMax: 30, bytesMax: 1 << 30, keepEntries: 5 } },
    seed,
    true,
  );
  const random = cluster.world.random.fork();
  const pick = (count: number): number => Math.floor(random.next() * count);
  const ids = [1, 2, 3];
  const down = new Set<number>();
  const proposals: Proposal[] = [];
  const propose = (word: string): void => {
    const member = cluster.all[pick(cluster.all.length)];
    if (member === undefined) return;
    const proposal: Proposal = { word, member, outcome: undefined, fault: undefined };
    proposals.push(proposal);
    member.replica.propose({ word }, { timeoutMs: 3_000 }).then(
      ({ result }) => {
        proposal.outcome = "applied";
        if (result !== 1) proposal.fault = `was applied ${result} times`;
      },
      (error: unknown) => {
        if (error instanceof QuorateError) proposal.outcome = error.outcome;
        else proposal.fault = `failed with ${String(error)}`;
      },
    );
  };
  // A client with a session repeats each command, through whichever member, until it has an answer.
  const answered = new Map<string, number>();
  const repeat = (session: Session, word: string, request: SessionRequest): void => {
    const member = cluster.all[pick(cluster.all.length)];
    if (member === undefined) return;
    const again = (): void => {
      cluster.world.schedule(50, () => repeat(session, word, request));
    };
    let isOpen = true;
    const once = (run: () => void): void => {
      if (isOpen) run();
      isOpen = false;
    };
    // A member that is killed never answers.
    cluster.world.schedule(4_000, () => once(again));
    member.replica.propose({ word }, { timeoutMs: 3_000, session: request }).then(
      ({ result }) =>
        once(() => {
          session.acknowledge(request.sequence);
          answered.set(word, result);
        }),
      () => once(again),
    );
  };
  const session = await cluster.complete(
    cluster.member(1).replica.openSession({ timeoutMs: 60_000 }),
  );
  const inSession: string[] = [];
  // A read that begins after an answer sees it, on whichever member.
  const stale: string[] = [];
  const read = (word: string): void => {
    const member = cluster.all[pick(cluster.all.length)];
    member?.replica.query(word, { timeoutMs: 2_000 }).then(
      (count) => {
        if (count !== 1) stale.push(`${word} read as ${count} on ${member.id}`);
      },
      () => undefined,
    );
  };
  for (let step = 0; step < steps; step++) {
    const action = pick(23);
    if (action < 9) {
      for (let nth = 0; nth < 1 + pick(4); nth++) propose(`s${step}-${nth}`);
    } else if (action < 12) {
      const word = `session-${step}`;
      inSession.push(word);
      repeat(session, word, session.next());
    } else if (action >= 20) {
      const done = proposals.filter(({ outcome }) => outcome === "applied");
      const seen = done[pick(done.length)];
      if (seen !== undefined) read(seen.word);
    } else if (action === 12 && down.size < 1) {
      const id = ids[pick(3)] as number;
      cluster.kill(id);
      down.add(id);
    } else if (action <= 14) {
      for (const id of down) await cluster.reopen(id);
      down.clear();
    } else if (action === 15) {
      const alone = `host${ids[pick(3)]}`;
      const others = ids.map((id) => `host${id}`).filter((host) => host !== alone);
      cluster.network.partition([alone], others);
    } else if (action === 16) {
      const [from, to] = [`host${ids[pick(3)]}`, `host${ids[pick(3)]}`];
      cluster.network.link(from, to).isCut = true;
    } else if (action === 17) cluster.network.heal();
    else if (action === 18) {
      const member = cluster.all[pick(cluster.all.length)];
      member?.replica.transferLeadership(undefined, { timeoutMs: 500 }).catch(() => undefined);
    }
    await cluster.world.run(pick(400));
    for (const { id } of cluster.all) cluster.groupOf(id).core.checkInvariants();
  }
  cluster.network.heal();
  for (const id of down) await cluster.reopen(id);
  await cluster.until(() =>
    proposals.every(
      ({ member, outcome }) => outcome !== undefined || !cluster.all.includes(member),
    ),
  );
  await cluster.until(() => inSession.every((word) => answered.has(word)), 300_000);
  await cluster.leader();
  const { replica } = cluster.member(1);
  await cluster.complete(replica.propose({ word: "the end" }, { timeoutMs: 60_000 }));
  await cluster.converge();
  if (stale.length > 0) throw new Error(`seed ${seed}: ${stale.join(", ")}`);
  for (const word of inSession) {
    for (const { machine } of cluster.all) {
      const count = machine.counts.get(word) ?? 0;
      if (count !== 1) throw new Error(`seed ${seed}: ${word} was applied ${count} times`);
    }
    if (answered.get(word) !== 1) throw new Error(`seed ${seed}: ${word} answered wrongly`);
  }
  for (const { word, outcome, fault } of proposals) {
    if (fault !== undefined) throw new Error(`seed ${seed}: ${word} ${fault}`);
    const allowed = outcome === "applied" ? [1] : outcome === "notApplied" ? [0] : [0, 1];
    for (const { machine } of cluster.all) {
      const count = machine.counts.get(word) ?? 0;
      if (!allowed.includes(count)) throw new Error(`seed ${seed}: ${word} ${outcome}, ${count}`);
    }
  }
  expect(proposals.some(({ outcome }) => outcome === "applied")).toBe(true);
}

const { QUORATE_CHAOS_SEEDS = "12", QUORATE_CHAOS_FIRST = "1" } = process.env;
const SEEDS = Array.from(
  { length: Number(QUORATE_CHAOS_SEEDS) },
  (_, nth) => Number(QUORATE_CHAOS_FIRST) + nth,
);

test.each(SEEDS)(
  "whatever happens, every answer holds and no command is applied twice (seed %i)",
  async (seed) => {
    await run(seed, 60);
  },
);
