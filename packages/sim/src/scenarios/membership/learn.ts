import type { Step } from "../scenario.ts";
import { say } from "../telling.ts";

/** A newcomer learns first, so that no majority waits for it. */
export function learn(member: number): Step {
  return {
    caption: say(
      `Member ${member} joins as a learner and catches up.`,
      `成员 ${member} 作为学习者加入并追上。`,
    ),
    actions: [{ type: "changeMembership", steps: [{ action: "learner", member }] }],
    until: { type: "caughtUp", who: member },
  };
}
