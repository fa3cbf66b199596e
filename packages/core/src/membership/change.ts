import { type MemberId, NOBODY } from "../types.ts";
import type { MemberStep, Membership, MembershipChange } from "./membership.ts";

/** The group before its first member: only a base to build on. */
export const EMPTY_MEMBERSHIP: Membership = Object.freeze({
  voters: Object.freeze([]),
  outgoing: Object.freeze([]),
  learners: Object.freeze([]),
  learnersNext: Object.freeze([]),
  autoLeave: false,
});

/** The new membership, or in plain words why there is none. */
export type Changed =
  | {
      readonly ok: true;
      readonly membership: Membership;
      /** Members that are new, or that left and came back within the change: nothing is known about their logs. */
      readonly fresh: readonly MemberId[];
    }
  | { readonly ok: false; readonly error: string };

/** Is this the change that ends a joint state? */
export function leavesJoint(change: MembershipChange): boolean {
  return change.transition === "auto" && change.steps.length === 0;
}

/** Carries out a logged change on a membership. Pure: every member comes to the same result. */
export function changeMembership(current: Membership, change: MembershipChange): Changed {
  if (leavesJoint(change)) return leaveJoint(current);
  if (change.transition === "auto" && change.steps.length === 1) {
    return simpleChange(current, change.steps);
  }
  return enterJoint(current, change.steps, change.transition !== "explicit");
}

/**
 * Changes at most one voter, which is safe without a joint state because any two majorities of the old and the new
 * membership share a member. Source: Ongaro's thesis §4.1.
 */
export function simpleChange(current: Membership, steps: readonly MemberStep[]): Changed {
  if (current.outgoing.length > 0) {
    return refuse("can't apply simple config change in joint config");
  }
  const draft = new Draft(current);
  draft.apply(steps);
  if (draft.voters.size === 0) return refuse("removed all voters");
  if (votersChanged(current.voters, draft.voters) > 1) {
    return refuse("more than one voter changed without entering joint config");
  }
  return draft.finish();
}

/** The old voters become the outgoing half; both halves decide until the joint state is left. Source: Raft §6. */
export function enterJoint(
  current: Membership,
  steps: readonly MemberStep[],
  autoLeave: boolean,
): Changed {
  if (current.outgoing.length > 0) return refuse("config is already joint");
  if (current.voters.length === 0) return refuse("can't make a zero-voter config joint");
  const draft = new Draft({ ...current, outgoing: current.voters, autoLeave });
  draft.apply(steps);
  if (draft.voters.size === 0) return refuse("removed all voters");
  return draft.finish();
}

export function leaveJoint(current: Membership): Changed {
  if (current.outgoing.length === 0) return refuse("can't leave a non-joint config");
  const learners = ascending([...current.learners, ...current.learnersNext]);
  const membership = { ...EMPTY_MEMBERSHIP, voters: current.voters, learners };
  return { ok: true, membership, fresh: [] };
}

function refuse(error: string): Changed {
  return { ok: false, error };
}

function ascending(members: Iterable<MemberId>): readonly MemberId[] {
  return [...new Set(members)].sort((a, b) => a - b);
}

function votersChanged(before: readonly MemberId[], after: ReadonlySet<MemberId>): number {
  let kept = 0;
  for (const voter of before) if (after.has(voter)) kept++;
  return before.length - kept + (after.size - kept);
}

/** A membership while steps are applied to it. */
class Draft {
  readonly voters: Set<MemberId>;
  readonly #outgoing: readonly MemberId[];
  readonly #learners: Set<MemberId>;
  readonly #learnersNext: Set<MemberId>;
  readonly #autoLeave: boolean;
  readonly #fresh = new Set<MemberId>();

  constructor(from: Membership) {
    this.voters = new Set(from.voters);
    this.#outgoing = from.outgoing;
    this.#learners = new Set(from.learners);
    this.#learnersNext = new Set(from.learnersNext);
    this.#autoLeave = from.autoLeave;
  }

  apply(steps: readonly MemberStep[]): void {
    for (const { action, member } of steps) {
      if (member === NOBODY) continue;
      if (action === "voter") this.#makeVoter(member);
      else if (action === "learner") this.#makeLearner(member);
      else if (action === "remove") this.#remove(member);
    }
  }

  finish(): Changed {
    const membership: Membership = {
      voters: ascending(this.voters),
      outgoing: this.#outgoing,
      learners: ascending(this.#learners),
      learnersNext: ascending(this.#learnersNext),
      autoLeave: this.#autoLeave,
    };
    return { ok: true, membership, fresh: ascending(this.#fresh) };
  }

  #makeVoter(member: MemberId): void {
    if (!this.#includes(member)) this.#fresh.add(member);
    this.#learners.delete(member);
    this.#learnersNext.delete(member);
    this.voters.add(member);
  }

  /** A voter of the outgoing half keeps its vote until the joint state is left, and becomes a learner then. */
  #makeLearner(member: MemberId): void {
    if (!this.#includes(member)) {
      this.#fresh.add(member);
      this.#learners.add(member);
      return;
    }
    if (this.#learners.has(member)) return;
    this.voters.delete(member);
    if (this.#outgoing.includes(member)) this.#learnersNext.add(member);
    else this.#learners.add(member);
  }

  #remove(member: MemberId): void {
    this.voters.delete(member);
    this.#learners.delete(member);
    this.#learnersNext.delete(member);
    if (!this.#outgoing.includes(member)) this.#fresh.delete(member);
  }

  #includes(member: MemberId): boolean {
    return (
      this.voters.has(member) ||
      this.#learners.has(member) ||
      this.#learnersNext.has(member) ||
      this.#outgoing.includes(member)
    );
  }
}
