import type { KvCommand, KvResult } from "@quorate/kv";
import { KvMachine, MemoryStore } from "@quorate/kv";
import { expect, test } from "vitest";
import { Chronicle } from "../../src/oracles/chronicle.ts";
import { bytesOf } from "../../src/oracles/reference-store.ts";
import { Random } from "../../src/random/random.ts";

const put = (key: string, value: string): KvCommand => ({
  type: "put",
  key: bytesOf(key),
  value: bytesOf(value),
});

const at = (index: number, command: KvCommand, slot = 0) => ({
  term: 1,
  index,
  slot,
  proposedAtMs: 0,
  command,
});

const done = (revision: number): KvResult => ({ type: "put", revision, prevKv: undefined });

function chronicle(): Chronicle {
  return new Chronicle(() => 0);
}

/** Commands of every kind that workloads use. */
function randomCommand(random: Random, step: number): KvCommand {
  const key = bytesOf(random.pick(["a", "b", "c"]));
  const value = bytesOf(random.pick(["x", "y", `v${step}`]));
  const lease = BigInt(random.between(0, 2));
  switch (random.integer(8)) {
    case 0:
      return { type: "deleteRange", key, rangeEnd: random.chance(0.5) ? bytesOf("c") : undefined };
    case 1:
      return { type: "leaseGrant", id: BigInt(random.between(1, 2)), ttlSeconds: 5 };
    case 2:
      return { type: "leaseRevoke", id: BigInt(random.between(1, 2)) };
    case 3:
      return { type: "compact", revision: random.between(1, step + 2) };
    case 4:
      return {
        type: "txn",
        compare: [
          { key, target: "value", result: "equal", operand: value },
          { key: bytesOf("b"), target: "version", result: "equal", operand: random.integer(3) },
        ],
        success: [
          { type: "put", key, value },
          { type: "deleteRange", key: bytesOf("d") },
        ],
        failure: [
          { type: "range", key: bytesOf("a"), rangeEnd: bytesOf("z") },
          { type: "put", key: bytesOf("d"), value },
        ],
      };
    default:
      return { type: "put", key, value, lease, prevKv: random.chance(0.5) };
  }
}

test("the reference and the machine agree on whatever workloads ask for", () => {
  for (let seed = 0; seed < 30; seed += 1) {
    const random = Random.fromSeed(seed);
    const machine = new KvMachine({ store: new MemoryStore(), defer: () => undefined });
    const held = chronicle();
    for (let step = 1; step <= 120; step += 1) {
      const committed = [at(step, randomCommand(random, step))];
      held.applied("one", committed, machine.apply(committed));
    }
    expect(held.violations, `seed ${seed}`).toEqual([]);
    expect(held.revision).toBe(machine.revision);
  }
});

test("members may work in portions of any size, and again after a restart", () => {
  const held = chronicle();
  const commands = [at(2, put("a", "1")), at(2, put("a", "2"), 1), at(5, put("b", "3"))];
  held.applied("one", commands, [done(2), done(3), done(4)]);
  held.applied("two", commands.slice(0, 1), [done(2)]);
  held.applied("two", commands.slice(1), [done(3), done(4)]);
  held.applied("one", commands.slice(2), [done(4)]);
  expect(held.violations).toEqual([]);
  expect(held.deeds.length).toBe(3);
});

test("reports another answer, a command that others did not apply, and a wrong first answer", () => {
  const held = chronicle();
  held.applied("one", [at(2, put("a", "1")), at(4, put("a", "2"))], [done(2), done(3)]);
  held.applied("two", [at(2, put("a", "1"))], [done(9)]);
  expect(held.violations[0]?.message).toContain("two answers 2/0");
  held.applied("two", [at(3, put("a", "x"))], [done(3)]);
  expect(held.violations[1]?.message).toContain("others did not");
  held.applied("one", [at(7, put("a", "3"))], [done(3)]);
  expect(held.violations[2]?.message).toContain("right is");
});
