import type { MemberId } from "@quorate/core";
import { commandOf } from "../cluster/command.ts";
import type { MemberRef } from "../plan/action.ts";
import type { Condition, Who } from "./condition.ts";
import type { MemberView, RunView } from "./run-view.ts";

/** Does the condition hold now? `sinceMs` is when the step began. */
export function holds(condition: Condition, view: RunView, sinceMs: number): boolean {
  switch (condition.type) {
    case "leads":
      return leads(condition, view);
    case "role":
      return view.member(condition.member)?.status?.role === condition.role;
    case "follows":
      return follows(condition, view);
    case "power":
      return view.member(condition.member)?.power === condition.power;
    case "termIs":
      return view.member(condition.member)?.status?.term === condition.term;
    case "termAtMost":
      return view.members.every(({ status }) => (status?.term ?? 0) <= condition.term);
    case "value":
      return everyOf(condition.who, view, (member) => {
        return member.value(condition.key) === condition.value;
      });
    case "logged":
      return everyOf(condition.who, view, (member) => indexOf(member, condition.value) > 0);
    case "committed":
      return everyOf(condition.who, view, (member) => {
        const index = indexOf(member, condition.value);
        return index > 0 && index <= (member.status?.commit ?? 0);
      });
    case "client": {
      const record = view.client(condition.client);
      if (record?.belief !== condition.belief) return false;
      return condition.answer === undefined || record.answer === condition.answer;
    }
    case "decided":
      return decided(condition, view, sinceMs);
    case "held":
      return view.heldMessages(condition.messages) >= (condition.atLeast ?? 1);
    case "membership":
      return everyOf(condition.who, view, (member) => hasMembership(condition, member, view));
    case "installedSnapshot": {
      const member = view.member(condition.member);
      return member !== undefined && view.hasInstalledSnapshot(member.id);
    }
    case "compacted":
      return everyOf(condition.who, view, ({ entries, status }) => {
        const first = entries[0]?.index ?? (status?.last.index ?? 0) + 1;
        return first > condition.upTo;
      });
    case "caughtUp": {
      const last = view.leader?.status?.last.index;
      return last !== undefined && everyOf(condition.who, view, ({ applied }) => applied === last);
    }
    case "allOf":
      return condition.conditions.every((each) => holds(each, view, sinceMs));
    case "anyOf":
      return condition.conditions.some((each) => holds(each, view, sinceMs));
    case "not":
      return !holds(condition.condition, view, sinceMs);
  }
}

type Of<T extends Condition["type"]> = Extract<Condition, { readonly type: T }>;

function leads({ member, except }: Of<"leads">, view: RunView): boolean {
  const leader = member === undefined ? view.leader : view.member(member);
  if (leader?.status?.role !== "leader" || leader.power !== "up") return false;
  if (except !== undefined && view.member(except)?.id === leader.id) return false;
  const { commit, term } = leader.status;
  // A snapshot as new as this only exists when the term has committed something.
  const committed = leader.entries.find(({ index }) => index === commit);
  return committed === undefined || committed.term === term;
}

function follows({ who, leader }: Of<"follows">, view: RunView): boolean {
  const followed = leader === undefined ? view.leader : view.member(leader);
  const term = followed?.status?.term;
  if (followed === undefined || term === undefined) return false;
  return everyOf(who, view, ({ id, status }) => {
    return id === followed.id || (status?.leader === followed.id && status.term === term);
  });
}

function decided(condition: Of<"decided">, view: RunView, sinceMs: number): boolean {
  const { decision: type, member, where = {}, atLeast = 1, since = "step" } = condition;
  const id = member === undefined ? undefined : view.member(member)?.id;
  if (member !== undefined && id === undefined) return false;
  const wanted = Object.entries(where);
  let count = 0;
  const told = view.decisions(type);
  for (let at = told.length - 1; at >= 0; at -= 1) {
    const one = told[at];
    if (one === undefined || (since === "step" && one.atMs < sinceMs)) break;
    if (id !== undefined && one.member !== id) continue;
    const fields = one.decision as unknown as Readonly<Record<string, unknown>>;
    if (wanted.every(([name, value]) => fields[name] === value)) count += 1;
  }
  return count >= atLeast;
}

function hasMembership(condition: Of<"membership">, member: MemberView, view: RunView): boolean {
  const { voters, learners, isJoint } = condition;
  const { membership } = member;
  if (!sameMembers(voters, membership.voters, view)) return false;
  if (learners !== undefined && !sameMembers(learners, membership.learners, view)) return false;
  return isJoint === undefined || isJoint === membership.outgoing.length > 0;
}

function sameMembers(
  wanted: readonly MemberRef[],
  found: readonly MemberId[],
  view: RunView,
): boolean {
  const ids = wanted.map((ref) => (typeof ref === "number" ? ref : view.member(ref)?.id));
  return ids.length === found.length && found.every((id) => ids.includes(id));
}

/** Where the durable entry stands that sets this value; 0 when it is not there. */
function indexOf({ entries }: MemberView, value: string): number {
  const found = entries.findLast((entry) => commandOf(entry)?.operation.value === value);
  return found?.index ?? 0;
}

function everyOf(who: Who, view: RunView, test: (member: MemberView) => boolean): boolean {
  if (who === "all") {
    const running = view.members.filter(({ power }) => power === "up");
    return running.length > 0 && running.every(test);
  }
  if (who === "majority") {
    const voters = view.leader?.membership.voters ?? view.members.map(({ id }) => id);
    const ready = view.members.filter((member) => voters.includes(member.id) && test(member));
    return ready.length * 2 > voters.length;
  }
  if (Array.isArray(who)) return (who as readonly MemberRef[]).every((one) => testOne(one));
  return testOne(who as MemberRef);

  function testOne(ref: MemberRef): boolean {
    const member = view.member(ref);
    return member !== undefined && test(member);
  }
}
