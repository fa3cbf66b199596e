import { expect, test } from "vitest";
import { type CommandOutcome, checkExactlyOnce } from "../../src/checkers/exactly-once.ts";

const applied: CommandOutcome = { id: "a", session: 1, sequence: 1, outcome: "applied" };
const lost: CommandOutcome = { id: "b", session: 1, sequence: 2, outcome: "unknown" };
const refused: CommandOutcome = { id: "c", session: 1, sequence: 3, outcome: "notApplied" };

function messages(commands: readonly CommandOutcome[], effects: readonly string[]): string {
  return checkExactlyOnce(commands, effects)
    .map((violation) => violation.message)
    .join("; ");
}

test("accepts unknown commands that took effect once or never, and other sessions in between", () => {
  const other: CommandOutcome = { id: "o", session: 2, sequence: 9, outcome: "applied" };
  expect(messages([applied, lost, refused, other], ["a", "o", "b"])).toBe("");
  expect(messages([applied, lost, refused, other], ["o", "a"])).toBe("");
});

test("reports a repeated effect, a missing one, a refused one and a foreign one", () => {
  expect(messages([applied], ["a", "a"])).toContain("took effect 2 times");
  expect(messages([lost], ["b", "b"])).toContain("took effect 2 times");
  expect(messages([applied], [])).toContain("its effect is missing");
  expect(messages([refused], ["c"])).toContain("was refused as not applied");
  expect(messages([applied], ["a", "x"])).toContain("belongs to no command");
});

test("reports commands of one session out of order", () => {
  expect(messages([applied, lost], ["b", "a"])).toContain("command 1 took effect after 2");
});
