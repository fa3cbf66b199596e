import { afterEach, expect, test } from "vitest";
import type { KvCommand } from "../../src/command.ts";
import { Lessor, type LessorGroup } from "../../src/lease/lessor.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";
import { MachineDriver } from "../model/machine-driver.ts";

const TTL_SECONDS = 60;

function grant(id: bigint): KvCommand {
  return { type: "leaseGrant", id, ttlSeconds: TTL_SECONDS };
}

/** One member of a group: whatever it proposes is agreed on in `logTerm`, and a quorum answers when a test lets it. */
class Member implements LessorGroup {
  readonly driver: MachineDriver = new MachineDriver(new MemoryStore());
  readonly proposed: KvCommand[] = [];
  readonly lessor: Lessor;
  nowMs = 0;
  leads = true;
  term = 1;
  /** The term of the log's next entries. */
  logTerm = 1;
  barriers = 0;
  /** What happens while a quorum is asked. */
  meanwhile: () => void = () => undefined;
  /** Holds proposals back until it resolves. */
  holdsBack: Promise<void> = Promise.resolve();
  readonly #timers: (() => void)[] = [];

  constructor() {
    this.lessor = new Lessor({
      clock: this.driver.machine.leaseClock,
      group: this,
      environment: {
        nowMs: () => this.nowMs,
        setTimer: (_, run) => {
          this.#timers.push(run);
          return { cancel: () => undefined };
        },
      },
      electionTimeoutMs: 1_000,
    });
  }

  standing(): { isLeader: boolean; term: number } {
    return { isLeader: this.leads, term: this.term };
  }

  async propose(request: KvCommand): Promise<void> {
    this.proposed.push(request);
    await this.holdsBack;
    const { driver, logTerm: term } = this;
    driver.index += 1;
    driver.machine.apply([
      { term, index: driver.index, slot: 0, proposedAtMs: 0, command: request },
    ]);
  }

  async readBarrier(): Promise<void> {
    this.barriers += 1;
    this.meanwhile();
  }

  becomes(leads: boolean, term: number): void {
    this.leads = leads;
    this.term = term;
    this.lessor.follow();
  }

  look(): void {
    for (const run of this.#timers.splice(0)) run();
  }
}

let members: Member[] = [];

function leader(...ids: readonly bigint[]): Member {
  const member = new Member();
  members.push(member);
  for (const id of ids) member.driver.apply(grant(id));
  // Leases count from the first look.
  member.look();
  return member;
}

afterEach(() => {
  for (const { lessor } of members) lessor.close();
  members = [];
});

test("a leader that has not applied a grant yet does not tell the owner that its lease is gone", async () => {
  const member = leader();
  member.meanwhile = () => {
    if (member.barriers === 1) member.driver.apply(grant(7n));
  };
  expect(await member.lessor.renew(7n)).toBe(TTL_SECONDS);
  // The renewal that followed was confirmed as well.
  expect(member.barriers).toBe(2);
});

test("a lease that the group does not know is gone", async () => {
  expect(await leader().lessor.renew(7n)).toBe(0);
});

test("a deposed leader that does not know it answers no renewal of its own", async () => {
  const member = leader(7n);
  // The round with the quorum is what tells it.
  member.meanwhile = () => member.becomes(false, 2);
  expect(await member.lessor.renew(7n)).toBeUndefined();
  expect(await member.lessor.renew(7n)).toBeUndefined();
});

test("a leader that was deposed and elected again within the round answers nothing from before", async () => {
  const member = leader(7n);
  member.meanwhile = () => {
    member.becomes(false, 2);
    member.becomes(true, 3);
  };
  expect(await member.lessor.renew(7n)).toBeUndefined();
});

test("renewals of one batch share one round with the quorum", async () => {
  const ids = Array.from({ length: 1_000 }, (_, at) => BigInt(at + 1));
  const member = leader(...ids);
  expect(await member.lessor.renewAll(ids)).toEqual(ids.map(() => TTL_SECONDS));
  expect(member.barriers).toBe(1);
  expect(member.proposed).toEqual([]);
  expect(member.lessor.counts.renewed).toBe(1_000);
});

test("a batch is answered in its order, with what is gone in between", async () => {
  const member = leader(1n, 3n);
  expect(await member.lessor.renewAll([1n, 2n, 3n])).toEqual([TTL_SECONDS, 0, TTL_SECONDS]);
  expect(await member.lessor.renewAll([])).toEqual([]);
});

test("nobody hears of a renewal before the checkpoint that is out of date is gone: a successor would count from it", async () => {
  const member = leader(7n);
  member.driver.apply({
    type: "leaseCheckpoint",
    checkpoints: [{ id: 7n, remainingSeconds: 5 }],
  });
  let letIn: () => void = () => undefined;
  member.holdsBack = new Promise((resolve) => {
    letIn = resolve;
  });
  let answer: number | undefined;
  const renewed = member.lessor.renew(7n).then((seconds) => {
    answer = seconds;
  });
  for (let turn = 0; turn < 20; turn += 1) await undefined;
  expect(member.barriers).toBe(1);
  expect(answer).toBeUndefined();
  letIn();
  await renewed;
  expect(answer).toBe(TTL_SECONDS);
  // Its successor gives the whole time.
  member.becomes(false, 2);
  member.becomes(true, 3);
  expect(member.driver.machine.leaseClock.expired((TTL_SECONDS + 1) * 1_000 - 1, 10)).toEqual([]);
});

test("what a leader's clock ends is void when it comes into the log of another leader", () => {
  const member = leader(7n);
  member.nowMs = TTL_SECONDS * 1_000 + 1_000;
  // It stood still, and another leader renewed the lease; what it proposes now, its host passes on to that one.
  member.logTerm = 2;
  member.look();
  expect(member.proposed).toMatchObject([{ type: "leaseRevoke", id: 7n, leaderTerm: 1 }]);
  return Promise.resolve().then(() => {
    expect(member.driver.machine.leaseClock.knows(7n)).toBe(true);
  });
});

test("what a leader's clock ends in its own term is gone, and its owner hears of it then", async () => {
  const member = leader(7n);
  member.nowMs = TTL_SECONDS * 1_000 + 1_000;
  expect(await member.lessor.renew(7n)).toBe(0);
  expect(member.driver.machine.leaseClock.knows(7n)).toBe(false);
});

test("what one leader counted is no checkpoint under another", () => {
  const { driver } = leader(7n);
  const checkpoints = [{ id: 7n, remainingSeconds: 5 }];
  driver.apply({ type: "leaseCheckpoint", checkpoints, leaderTerm: 2 });
  const clock = driver.machine.leaseClock;
  expect(clock.renew(7n, 0)).toMatchObject({ clearCheckpoint: false });
  driver.apply({ type: "leaseCheckpoint", checkpoints, leaderTerm: 1 });
  expect(clock.renew(7n, 0)).toMatchObject({ clearCheckpoint: true });
});

test("an owner's own revocation is good under any leader", () => {
  const { driver } = leader(7n);
  driver.apply({ type: "leaseRevoke", id: 7n });
  expect(driver.machine.leaseClock.knows(7n)).toBe(false);
});
