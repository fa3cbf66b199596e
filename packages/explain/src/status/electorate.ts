import type { MemberId, Membership } from "@quorate/core";

/** One group of voters that must reach a majority by itself. There are two of them in a joint state. */
export interface Electorate {
  readonly half: "voters" | "outgoing";
  readonly voters: readonly MemberId[];
  /** Smallest number that is more than half of them. */
  readonly needed: number;
}

export function majorityOf(size: number): number {
  return Math.floor(size / 2) + 1;
}

/** Source: Raft §6. */
export function electoratesOf(membership: Membership): readonly Electorate[] {
  const { voters, outgoing } = membership;
  const incoming: Electorate = { half: "voters", voters, needed: majorityOf(voters.length) };
  if (outgoing.length === 0) return [incoming];
  return [incoming, { half: "outgoing", voters: outgoing, needed: majorityOf(outgoing.length) }];
}

export function isVoter(membership: Membership, member: MemberId): boolean {
  return membership.voters.includes(member) || membership.outgoing.includes(member);
}

export function isMember(membership: Membership, member: MemberId): boolean {
  return isVoter(membership, member) || membership.learners.includes(member);
}
