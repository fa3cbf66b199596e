import type { MemberId } from "../types.ts";
import type { Membership } from "./membership.ts";

/** A membership in force, with the lists that are asked for all the time. Immutable; replaced at every switch. */
export class Roster {
  readonly membership: Membership;
  /** Everyone who belongs to the group, ascending. */
  readonly members: readonly MemberId[];
  /** Voters of either half, ascending: those whose votes are asked for. */
  readonly electors: readonly MemberId[];

  constructor(membership: Membership) {
    this.membership = membership;
    this.electors = union(membership.voters, membership.outgoing);
    this.members = union(this.electors, union(membership.learners, membership.learnersNext));
  }

  includes(member: MemberId): boolean {
    return this.members.includes(member);
  }
  /** A voter of either half. Someone who will become a learner is one until the joint state is left. */
  isVoter(member: MemberId): boolean {
    return this.electors.includes(member);
  }
  isLearner(member: MemberId): boolean {
    return this.membership.learners.includes(member);
  }
  get isJoint(): boolean {
    return this.membership.outgoing.length > 0;
  }
}

function union(left: readonly MemberId[], right: readonly MemberId[]): readonly MemberId[] {
  if (right.length === 0) return left;
  return [...new Set([...left, ...right])].sort((a, b) => a - b);
}
