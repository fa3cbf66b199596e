import type { Entry, HardState } from "@quorate/core";
import { encodeMembershipChange } from "@quorate/core";
import { encodeAddresses } from "../session/companion.ts";
import { invalidArgument } from "./failures.ts";
import type { InitialMember } from "./membership-request.ts";

/** Every group begins in this term, with the entries that name its members. */
const FIRST_TERM = 1;

/**
 * The beginning of a new group's log: one committed membership entry per member. The same on every initial member,
 * so that a member that joins later learns who belongs to the group from the log like everything else.
 */
export function bootstrapLog(initial: readonly InitialMember[]): {
  readonly hardState: HardState;
  readonly entries: readonly Entry[];
} {
  const ids = new Set(initial.map((member) => member.id));
  if (ids.size !== initial.length) throw invalidArgument("A member is named twice.");
  for (const { id } of initial) {
    if (!Number.isSafeInteger(id) || id < 1) {
      throw invalidArgument(`A member's number is a whole number from 1, not ${id}.`);
    }
  }
  const sorted = [...initial].sort((left, right) => left.id - right.id);
  // Voters first: there is never a group without one.
  const ordered = [
    ...sorted.filter((member) => member.learner !== true),
    ...sorted.filter((member) => member.learner === true),
  ];
  if (ordered[0]?.learner !== false && ordered[0]?.learner !== undefined) {
    throw invalidArgument("A group needs at least one voter.");
  }
  if (ordered.length === 0) throw invalidArgument("A group needs at least one member.");
  const entries = ordered.map((member, place): Entry => {
    const { id, address, name } = member;
    const action = member.learner === true ? "learner" : "voter";
    const payload = encodeMembershipChange({
      transition: "auto",
      steps: [{ action, member: id }],
      context: encodeAddresses([{ id, address, name }]),
    });
    return { term: FIRST_TERM, index: place + 1, kind: "membership", payload };
  });
  return { hardState: { term: FIRST_TERM, vote: 0, commit: entries.length }, entries };
}
