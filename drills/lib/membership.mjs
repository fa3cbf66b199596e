// How memberships read in a drill's story.
const list = (members) => [...members].sort((a, b) => a - b).join(" ");

/** `1 2 3`, with `+ learners 4` and `(leaving 1 2 3)` where they are. */
export function shown({ voters, outgoing, learners }) {
  const parts = [list(voters)];
  if (outgoing.length > 0) parts.push(`(leaving ${list(outgoing)})`);
  if (learners.length > 0) parts.push(`+ learners ${list(learners)}`);
  return parts.join(" ");
}

/** Each membership that any of `members` has seen in force since `from`, in the order they came, once. */
export function membershipsSeen(members, from = 0) {
  const events = members
    .flatMap((member) => member.eventsOf("membership"))
    .filter(({ atMs }) => atMs >= from)
    .sort((a, b) => a.atMs - b.atMs);
  const seen = new Map();
  for (const { membership } of events) seen.set(shown(membership), membership);
  return seen;
}

/** Adds a voter in one call on `through`: learner first, caught up, then promoted. */
export function addVoter(through, member, options = {}) {
  const steps = [
    { action: "voter", member: member.id, address: member.address, name: member.name },
  ];
  return through.ask("changeMembership", { steps, timeoutMs: 60_000, ...options });
}
