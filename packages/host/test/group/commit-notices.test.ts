import type { AppendMessage, Entry, PeerMessage } from "@quorate/core";
import { expect, test } from "vitest";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { MemoryNetwork } from "../../src/environment/memory-network.ts";
import { World } from "../../src/environment/world.ts";
import { CommitNotices, NOTICE_MS } from "../../src/group/commit-notices.ts";

const FOLLOWER = 2;
const OTHER = 3;

function append(to: number, last: number, commit: number, entries: readonly Entry[]): PeerMessage {
  const previous = { term: 1, index: last - entries.length };
  return { type: "append", from: 1, to, term: 1, previous, entries, commit };
}

/** A leader that puts one entry after the other, and the messages that leave it. */
class Leader {
  readonly world: World = new World({ seed: 1 });
  readonly sent: PeerMessage[] = [];
  readonly notices: CommitNotices;
  index = 0;

  constructor() {
    const network = new MemoryNetwork(this.world);
    const environment = memoryEnvironment({ world: this.world, network, host: "leader" });
    this.notices = new CommitNotices(environment, (message) => this.sent.push(message));
  }

  propose(): void {
    this.index += 1;
    const payload = new Uint8Array(1);
    const entries: readonly Entry[] = [{ term: 1, index: this.index, kind: "command", payload }];
    for (const to of [FOLLOWER, OTHER]) {
      this.notices.pass(append(to, this.index, this.index - 1, entries));
    }
  }

  commit(): void {
    for (const to of [FOLLOWER, OTHER]) this.notices.pass(append(to, this.index, this.index, []));
  }

  /** What left since the last look, as the commit indexes told on their own. */
  told(to: number): number[] {
    const appends = this.sent.filter(
      (message): message is AppendMessage => message.type === "append" && message.to === to,
    );
    return appends.filter(({ entries }) => entries.length === 0).map(({ commit }) => commit);
  }

  /** Two puts one right after the other: from then on it is a stream of writes. */
  async stream(): Promise<void> {
    for (let put = 0; put < 2; put++) {
      this.propose();
      await this.world.run(1);
      if (put === 0) this.commit();
      await this.world.run(NOTICE_MS / 4);
    }
    this.sent.length = 0;
  }
}

test("a commit that comes alone is told at once", async () => {
  const leader = new Leader();
  for (let put = 1; put <= 3; put++) {
    leader.propose();
    await leader.world.run(1);
    leader.commit();
    expect(leader.told(FOLLOWER).at(-1)).toBe(put);
    await leader.world.run(50);
  }
  expect(leader.told(FOLLOWER)).toEqual([1, 2, 3]);
});

test("in a stream of writes the next entries tell the commit, and no message does nothing else", async () => {
  const leader = new Leader();
  await leader.stream();
  for (let put = 0; put < 100; put++) {
    leader.commit();
    await leader.world.run(NOTICE_MS / 4);
    leader.propose();
    await leader.world.run(1);
  }
  expect(leader.told(FOLLOWER)).toEqual([]);
  expect(leader.told(OTHER)).toEqual([]);
  expect(leader.sent).toHaveLength(200);
});

test("when the stream ends the last commit is told in time, once, and the next at once", async () => {
  const leader = new Leader();
  await leader.stream();
  leader.commit();
  await leader.world.run(NOTICE_MS - 0.1);
  expect(leader.told(FOLLOWER)).toEqual([]);
  await leader.world.run(0.1);
  expect(leader.told(FOLLOWER)).toEqual([leader.index]);
  expect(leader.told(OTHER)).toEqual([leader.index]);
  await leader.world.run(1_000);
  expect(leader.sent).toHaveLength(2);
  leader.propose();
  await leader.world.run(1);
  leader.commit();
  expect(leader.told(FOLLOWER).at(-1)).toBe(leader.index);
});

test("a notice never waits longer than its time, however often newer ones take its place", async () => {
  const leader = new Leader();
  await leader.stream();
  const beganMs = leader.world.nowMs;
  while (leader.told(FOLLOWER).length === 0) {
    leader.commit();
    await leader.world.run(NOTICE_MS / 8);
  }
  expect(leader.world.nowMs - beganMs).toBeLessThanOrEqual(NOTICE_MS + NOTICE_MS / 8);
});

test("a follower whose own clients wait is told at once, the other not", async () => {
  const leader = new Leader();
  await leader.stream();
  leader.notices.owes(FOLLOWER, leader.index);
  leader.commit();
  expect(leader.told(FOLLOWER)).toEqual([leader.index]);
  expect(leader.told(OTHER)).toEqual([]);
});

test("a notice leaves before any other message to its follower, and none outlives the leadership", async () => {
  const leader = new Leader();
  await leader.stream();
  leader.commit();
  leader.notices.pass({ type: "timeoutNow", from: 1, to: FOLLOWER, term: 1 });
  expect(leader.sent.map(({ type }) => type)).toEqual(["append", "timeoutNow"]);
  leader.notices.clear();
  await leader.world.run(1_000);
  expect(leader.sent).toHaveLength(2);
});
