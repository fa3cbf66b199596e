import { expect, test } from "vitest";
import { ReplicaStates } from "../../src/checkers/replica-states.ts";

test("equal states are accepted in any order, a different one is reported", () => {
  const states = new ReplicaStates();
  states.see("member 1", 5, "aa");
  states.see("member 2", 4, "bb");
  states.see("member 1", 6, "cc");
  states.see("member 2", 5, "aa");
  expect(states.violations).toEqual([]);
  states.see("member 2", 6, "dd");
  expect(states.violations.map((violation) => violation.message)).toEqual([
    "member 2 and member 1 differ after applying 6: dd and cc",
  ]);
});
