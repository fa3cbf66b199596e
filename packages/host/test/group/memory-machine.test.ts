import { expect, test } from "vitest";
import { jsonCodec } from "../../src/group/json-codec.ts";
import { memoryMachine } from "../../src/group/memory-machine.ts";
import type { StateMachine } from "../../src/group/state-machine.ts";

function counter(): StateMachine<number, number, undefined, number> {
  return memoryMachine<{ total: number }, number, number, undefined, number>({
    initial: { total: 0 },
    apply: (state, { command }) => [{ total: state.total + command }, state.total + command],
    query: (state) => state.total,
  });
}

const commands = (...numbers: number[]) =>
  numbers.map((command, slot) => ({ term: 1, index: 1, slot, command, proposedAtMs: 0 }));

test("applies in order, one result per command", async () => {
  const machine = counter();
  expect(machine.apply(commands(1, 2, 3))).toEqual([1, 3, 6]);
  expect(machine.query(undefined)).toBe(6);
});

test("a pinned snapshot does not see what is applied later, and restores on another member", async () => {
  const machine = counter();
  await machine.apply(commands(5));
  const pinned = machine.beginSnapshot();
  await machine.apply(commands(7));
  const other = counter();
  const info = {
    term: 1,
    index: 1,
    id: "s",
    bytes: 0,
    membership: { voters: [1], outgoing: [], learners: [], learnersNext: [], autoLeave: false },
  };
  await other.restore(info, pinned.chunks(), new Uint8Array(0));
  pinned.release();
  expect(other.query(undefined)).toBe(5);
  expect(machine.query(undefined)).toBe(12);
});

test("the JSON codec keeps any text, also beyond ASCII", () => {
  const codec = jsonCodec<{ text: string }>();
  const value = { text: "法定人数 ✓ quorum 🗳" };
  expect(codec.decode(codec.encode(value))).toEqual(value);
});
