import type { MemberId, Membership } from "@quorate/core";

/** Do those for whom `holds` answers true form a quorum? In a joint membership both halves must have one. */
export function isQuorum(membership: Membership, holds: (member: MemberId) => boolean): boolean {
  return (
    isMajority(membership.voters, holds) &&
    (membership.outgoing.length === 0 || isMajority(membership.outgoing, holds))
  );
}

/** Every member, whatever its part, ascending. */
export function everyone(membership: Membership): readonly MemberId[] {
  const { voters, outgoing, learners, learnersNext } = membership;
  const all = new Set([...voters, ...outgoing, ...learners, ...learnersNext]);
  return [...all].sort((left, right) => left - right);
}

/** Does every quorum of one share a member with every quorum of the other? By trying all sets: for small groups. */
export function quorumsMeet(one: Membership, other: Membership): boolean {
  const members = [...new Set([...everyone(one), ...everyone(other)])];
  const includes = (set: number, member: MemberId): boolean =>
    (set & (1 << members.indexOf(member))) !== 0;
  for (let set = 0; set < 1 << members.length; set += 1) {
    if (!isQuorum(one, (member) => includes(set, member))) continue;
    if (isQuorum(other, (member) => !includes(set, member))) return false;
  }
  return true;
}

export function describeMembership(membership: Membership): string {
  const { voters, outgoing, learners, learnersNext, autoLeave } = membership;
  const parts = [`voters ${voters.join(" ")}`];
  if (outgoing.length > 0) parts.push(`outgoing ${outgoing.join(" ")}`);
  if (learners.length > 0) parts.push(`learners ${learners.join(" ")}`);
  if (learnersNext.length > 0) parts.push(`learners next ${learnersNext.join(" ")}`);
  if (autoLeave) parts.push("leaves by itself");
  return parts.join(", ");
}

function isMajority(members: readonly MemberId[], holds: (member: MemberId) => boolean): boolean {
  let count = 0;
  for (const member of members) if (holds(member)) count += 1;
  return count * 2 > members.length;
}
