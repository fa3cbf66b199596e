import type { MemberId } from "../types.ts";
import type { Membership, MembershipChange } from "./membership.ts";

/** What is wrong with a membership that came from outside, in plain words; undefined when nothing is. */
export function membershipFault(membership: Membership): string | undefined {
  const { voters, outgoing, learners, learnersNext, autoLeave } = membership;
  for (const list of [voters, outgoing, learners, learnersNext]) {
    if (!isAscending(list))
      return "a member list is not sorted, or holds something else than members";
  }
  if (typeof autoLeave !== "boolean") return "autoLeave is no boolean";
  for (const learner of learners) {
    if (voters.includes(learner) || outgoing.includes(learner))
      return `${learner} votes and learns`;
    if (learnersNext.includes(learner)) return `${learner} learns now and later`;
  }
  for (const next of learnersNext) {
    if (!outgoing.includes(next)) return `${next} will learn but is no outgoing voter`;
    if (voters.includes(next)) return `${next} votes and will learn`;
  }
  if (outgoing.length === 0 && autoLeave) return "autoLeave outside a joint state";
  if (outgoing.length > 0 && voters.length === 0) return "joint state without incoming voters";
  return undefined;
}

/** What is wrong with a change that a caller proposes; undefined when nothing is. */
export function changeFault(change: MembershipChange, stepsMax: number): string | undefined {
  if (change.steps.length > stepsMax) return `more than ${stepsMax} steps`;
  for (const { member } of change.steps) {
    if (!Number.isSafeInteger(member) || member < 0) return `${member} is no member id`;
  }
  return undefined;
}

function isAscending(list: readonly MemberId[]): boolean {
  if (!Array.isArray(list)) return false;
  let previous = 0;
  for (const member of list as readonly MemberId[]) {
    if (!Number.isSafeInteger(member) || member <= previous) return false;
    previous = member;
  }
  return true;
}
