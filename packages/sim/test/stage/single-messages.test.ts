import type { PeerMessage } from "@quorate/core";
import { expect, test } from "vitest";
import { type ClusterEvent, NodeStage, replayStage, type StagedAction } from "../../src/index.ts";

/** A stage with a leader, a write on its way from it, and everything that was heard. */
class Scene {
  readonly events: ClusterEvent[] = [];
  readonly stage: NodeStage;
  readonly done: StagedAction[] = [];

  constructor(seed: number) {
    this.stage = new NodeStage(seed, 3, (event) => this.events.push(event));
  }

  async until(done: () => boolean): Promise<void> {
    for (let count = 0; !done(); count += 1) {
      if (count > 50_000 || !(await this.stage.step())) throw new Error("it never came about");
    }
  }

  async perform(action: StagedAction["action"]): Promise<boolean> {
    this.done.push({ afterEvents: this.stage.agenda.happened, action });
    return this.stage.perform(action);
  }

  sent(matches: (message: PeerMessage) => boolean): readonly number[] {
    return this.events.flatMap((event) =>
      event.type === "sent" && matches(event.message) ? [event.messageId] : [],
    );
  }

  ends(id: number, type: "delivered" | "lost"): number {
    return this.events.filter((event) => event.type === type && event.messageId === id).length;
  }

  /** Everybody runs and has all that the leader has. */
  isSettled(): boolean {
    const leader = this.stage.world.leader();
    const last = leader?.record.core?.status().last.index;
    const nodes = [...this.stage.world.nodes.values()];
    return last !== undefined && nodes.every(({ life }) => life?.replica.appliedIndex === last);
  }

  /** The number of the first append with entries to `victim` after a client asked. */
  async appendOnItsWay(): Promise<{ id: number; victim: number }> {
    await this.until(() => this.isSettled());
    const leader = this.stage.world.leader()?.id ?? 0;
    const victim = (leader % 3) + 1;
    const known = this.sent(() => true).length;
    const operation = { type: "write", key: "x", value: "1" } as const;
    await this.perform({ type: "ask", client: 1, operation, member: leader, repeats: false });
    const isIt = (message: PeerMessage): boolean =>
      message.type === "append" && message.to === victim && message.entries.length > 0;
    const fresh = (): readonly number[] => this.sent(isIt).filter((id) => id > known);
    await this.until(() => fresh().length > 0);
    return { id: fresh()[0] as number, victim };
  }
}

const SEED = 7;

async function scene(): Promise<Scene & { id: number; victim: number }> {
  const made = new Scene(SEED);
  return Object.assign(made, await made.appendOnItsWay());
}

test("an append between whole nodes is lost, and the leader sends it again", async () => {
  const one = await scene();
  expect(await one.perform({ type: "dropMessage", message: one.id })).toBe(true);
  expect(one.ends(one.id, "lost")).toBe(1);
  await one.until(() => one.stage.frameOf(one.victim, undefined).values.get("x") === "1");
  expect(one.ends(one.id, "delivered")).toBe(0);
  expect(one.stage.violations).toEqual([]);
});

test("an append between whole nodes comes twice, and is written once", async () => {
  const one = await scene();
  expect(await one.perform({ type: "duplicateMessage", message: one.id })).toBe(true);
  const copy = Math.max(...one.sent(() => true));
  await one.until(() => one.ends(one.id, "delivered") === 1 && one.ends(copy, "delivered") === 1);
  await one.until(() => one.stage.frameOf(one.victim, undefined).values.get("x") === "1");
  expect(one.stage.violations).toEqual([]);
});

test("an append between whole nodes comes late, after what was sent behind it", async () => {
  const one = await scene();
  const extraMs = 60;
  expect(await one.perform({ type: "delayMessage", message: one.id, extraMs })).toBe(true);
  const moved = [...one.stage.travelling()].find(({ id }) => id === one.id);
  expect(moved?.arrivesAtMs).toBeGreaterThan(one.stage.nowMs + extraMs);
  const beganMs = one.stage.nowMs;
  await one.until(() => one.ends(one.id, "delivered") === 1);
  expect(one.stage.nowMs - beganMs).toBeGreaterThan(extraMs);
  expect(one.stage.violations).toEqual([]);
});

test("what was done to single messages is repeated from the plan, and who is not on the wire is refused", async () => {
  const one = await scene();
  await one.perform({ type: "dropMessage", message: one.id });
  expect(await one.perform({ type: "dropMessage", message: one.id })).toBe(false);
  expect(await one.perform({ type: "delayMessage", message: 999_999, extraMs: 5 })).toBe(false);
  await one.until(() => one.stage.frameOf(one.victim, undefined).values.get("x") === "1");
  const events = one.stage.agenda.happened;
  const again = await replayStage({ seed: SEED, members: 3, actions: one.done, events });
  expect(again.digest()).toBe(one.stage.digest());
});
