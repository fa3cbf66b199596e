import type { MemberId } from "../types.ts";
import type { Membership, MembershipChange } from "./membership.ts";

/** What is wrong with a membership that came from outside, in plain words; undefined when nothing is. */
export function membershipFault(membership: Membership): string | undefined {
  if (typeof membership !== "object" || membership === null) return "no membership";
  const { voters, outgoing, learners, learnersNext, autoLeave } = membership;
  for (const list of [voters, outgoing, learners, learnersNext]) {
    if (!isAscending(list))
      return "a member list is not sorted, or holds something else than members";
  }
  if (typeof autoLeave !== "boolean") return "autoLeave is no boolean";
  const learningVoter = firstShared(learners, voters) ?? firstShared(learners, outgoing);
  if (learningVoter !== undefined) return `${learningVoter} votes and learns`;
  const twice = firstShared(learners, learnersNext);
  if (twice !== undefined) return `${twice} learns now and later`;
  const staying = firstShared(learnersNext, voters);
  if (staying !== undefined) return `${staying} votes and will learn`;
  const stranger = firstMissing(learnersNext, outgoing);
  if (stranger !== undefined) return `${stranger} will learn but is no outgoing voter`;
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

// Both walk along two ascending lists: a hostile peer decides how long they are, so a search for each member of one in
// the other could take for ever.

function firstShared(left: readonly MemberId[], right: readonly MemberId[]): MemberId | undefined {
  let at = 0;
  for (const member of left) {
    while (at < right.length && (right[at] as MemberId) < member) at++;
    if (right[at] === member) return member;
  }
  return undefined;
}

function firstMissing(of: readonly MemberId[], from: readonly MemberId[]): MemberId | undefined {
  let at = 0;
  for (const member of of) {
    while (at < from.length && (from[at] as MemberId) < member) at++;
    if (from[at] !== member) return member;
  }
  return undefined;
}
