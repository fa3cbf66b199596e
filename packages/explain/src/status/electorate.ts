import { type MemberId, type Membership, majority } from "@quorate/core";

/** One group of voters that must reach a majority by itself. There are two of them in a joint state. */
export interface Electorate {
  readonly half: "voters" | "outgoing";
  readonly voters: readonly MemberId[];
  /** Smallest number that is more than half of them. */
  readonly needed: number;
}

/** Source: Raft §6. */
export function electoratesOf(membership: Membership): readonly Electorate[] {
  const { voters, outgoing } = membership;
  const incoming: Electorate = { half: "voters", voters, needed: majority(voters.length) };
  if (outgoing.length === 0) return [incoming];
  return [incoming, { half: "outgoing", voters: outgoing, needed: majority(outgoing.length) }];
}

export function isVoter(membership: Membership, member: MemberId): boolean {
  return membership.voters.includes(member) || membership.outgoing.includes(member);
}

export function isMember(membership: Membership, member: MemberId): boolean {
  return isVoter(membership, member) || membership.learners.includes(member);
}
