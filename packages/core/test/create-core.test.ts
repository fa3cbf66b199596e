import { createCore, type PeerMessage, type RaftCore } from "@quorate/core";
import { expect, test } from "vitest";
import { MemoryLog } from "./support/memory-log.ts";

test("three members elect a leader and commit", () => {
  const ids = [1, 2, 3];
  const cores = new Map<number, { core: RaftCore; log: MemoryLog; applied: string[] }>();
  for (const id of ids) {
    const log = new MemoryLog();
    const core = createCore(
      { id, random: () => id / 4 },
      {
        hardState: { term: 0, vote: 0, commit: 0 },
        membership: { voters: ids, outgoing: [], learners: [], learnersNext: [], autoLeave: false },
        applied: 0,
      },
      log,
    );
    cores.set(id, { core, log, applied: [] });
  }
  const get = (id: number) =>
    cores.get(id) as { core: RaftCore; log: MemoryLog; applied: string[] };
  const settle = (): void => {
    const queue: PeerMessage[] = [];
    for (let busy = true; busy; ) {
      busy = false;
      for (const { core, log, applied } of cores.values()) {
        while (core.hasEffects()) {
          busy = true;
          const effects = core.takeEffects();
          queue.push(...effects.send);
          if (effects.append) {
            log.append(effects.append.entries);
            queue.push(...effects.append.afterDurable);
            core.appendDone(effects.append.id);
          }
          if (effects.apply) {
            for (const entry of effects.apply.entries) {
              if (entry.kind === "command") applied.push(new TextDecoder().decode(entry.payload));
            }
            core.applyDone(effects.apply.id);
          }
          core.checkInvariants();
        }
      }
      for (const message of queue.splice(0)) {
        expect(get(message.to).core.step(message)).toEqual({ ok: true });
        get(message.to).core.checkInvariants();
      }
    }
  };
  for (let tick = 0; tick < 15; tick++) {
    for (const { core } of cores.values()) core.tick();
    settle();
  }
  expect(get(1).core.status()).toMatchObject({ role: "leader", term: 1 });
  for (let i = 0; i < 10; i++) {
    const proposed = get(1).core.propose([
      { kind: "command", payload: new TextEncoder().encode(`x${i}`) },
    ]);
    expect(proposed.ok).toBe(true);
    settle();
  }
  for (const id of ids) {
    expect(get(id).core.status().stopped).toBe(undefined);
    expect(get(id).applied).toEqual(["x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9"]);
  }
});
