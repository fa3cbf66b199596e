import { expect, test } from "vitest";
import { QuorateError } from "../../src/errors.ts";
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
  for (let step = 0; step < steps; step++) {
    const action = pick(20);
    if (action < 12) {
      for (let nth = 0; nth < 1 + pick(4); nth++) propose(`s${step}-${nth}`);
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
  await cluster.leader();
  const { replica } = cluster.member(1);
  await cluster.complete(replica.propose({ word: "the end" }, { timeoutMs: 60_000 }));
  await cluster.converge();
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
