import type { MemberId } from "@quorate/core";
import type { Violation } from "../checkers/violation.ts";
import { isQuorum } from "../invariants/quorums.ts";
import type { Facts, KnownMessage, MemberState, Transition } from "./automaton.ts";

/**
 * What an observer remembers of a run: everything that was ever committed, who led which term, who voted for whom, and
 * what was committed when a read was asked for. Immutable.
 */
export interface Ghost {
  /** Entry texts from index 2 on. */
  readonly committed: readonly string[];
  /** The term in which each of them was first seen committed. */
  readonly committedIn: readonly number[];
  readonly leaders: Readonly<Record<number, MemberId>>;
  /** By `term/voter`. */
  readonly votes: Readonly<Record<string, MemberId>>;
  /** By request: the index that was committed when it was asked. */
  readonly reads: Readonly<Record<number, number>>;
}

export const NOTHING_SEEN: Ghost = Object.freeze({
  committed: Object.freeze([]),
  committedIn: Object.freeze([]),
  leaders: Object.freeze({}),
  votes: Object.freeze({}),
  reads: Object.freeze({}),
});

/** Index of the first entry: everything begins with a snapshot of the place before it. */
const FIRST_INDEX = 2;

/** What a transition of one member adds to what is known, or what is wrong with it. */
export type Seen =
  | { readonly ok: true; readonly ghost: Ghost }
  | { readonly ok: false; readonly violation: Violation };

interface Step {
  readonly ghost: Ghost;
  readonly before: MemberState;
  readonly transition: Transition;
  /** All members after the step. */
  readonly members: readonly MemberState[];
  readonly messages: readonly KnownMessage[];
}

/** Judges one step of one member by the guarantees of Raft. Source: Raft Fig. 3. */
export function observe(step: Step): Seen {
  const { next } = step.transition;
  const { facts } = next;
  if (facts.fault !== undefined) return violated("core", `member ${next.id}: ${facts.fault}`);
  let { ghost } = step;
  for (const look of [elected, promised, advanced, appliedOnly, confirmed]) {
    const seen = look({ ...step, ghost });
    if (!seen.ok) return seen;
    ghost = seen.ghost;
  }
  return logsMatch(next, step.members) ?? { ok: true, ghost };
}

function violated(checker: string, message: string): Seen & { ok: false } {
  return { ok: false, violation: { checker, message } };
}

function elected({ ghost, before, transition }: Step): Seen {
  const { id, facts } = transition.next;
  const led = before.facts.leads && before.facts.term === facts.term;
  if (!facts.leads || led) return { ok: true, ghost };
  const other = ghost.leaders[facts.term];
  if (other !== undefined) {
    // The same member twice in a term: a crash made it forget that it had been elected.
    return violated("election safety", `members ${other} and ${id} lead term ${facts.term}`);
  }
  // Who is elected late, in a term that others have left, need not hold what they committed since.
  const lost = ghost.committed.findIndex(
    (text, at) =>
      (ghost.committedIn[at] as number) < facts.term && !holds(facts, at + FIRST_INDEX, text),
  );
  if (lost >= 0) {
    return violated(
      "leader completeness",
      `member ${id} leads term ${facts.term} without the committed entry ${lost + FIRST_INDEX}`,
    );
  }
  return { ok: true, ghost: { ...ghost, leaders: { ...ghost.leaders, [facts.term]: id } } };
}

/** Votes and acknowledgements are promises: what they rest on must be durable, and no vote is given twice. */
function promised({ ghost, transition, messages }: Step): Seen {
  const { id, facts } = transition.next;
  let { votes } = ghost;
  for (const number of transition.messages) {
    const { message } = messages[number] as KnownMessage;
    if (message.type === "voteReply" && message.granted) {
      if (facts.diskTerm < message.term) {
        return violated(
          "durable before promised",
          `member ${id} votes in term ${message.term}, its disk says ${facts.diskTerm}`,
        );
      }
      const key = `${message.term}/${id}`;
      const other = votes[key];
      if (other !== undefined && other !== message.to) {
        return violated(
          "one vote per term",
          `member ${id} votes for ${other} and ${message.to} in term ${message.term}`,
        );
      }
      if (other === undefined) votes = { ...votes, [key]: message.to };
    }
    if (message.type === "appendOk" && message.match > facts.diskBase + facts.disk.length) {
      return violated(
        "durable before promised",
        `member ${id} acknowledges ${message.match}, its disk ends at ${facts.diskBase + facts.disk.length}`,
      );
    }
  }
  return { ok: true, ghost: votes === ghost.votes ? ghost : { ...ghost, votes } };
}

/** The commit index moved: only over what a quorum holds durably, and never over something else than before. */
function advanced({ ghost, before, transition, members }: Step): Seen {
  const { id, facts } = transition.next;
  let { committed, committedIn } = ghost;
  for (let index = Math.max(FIRST_INDEX, facts.base + 1); index <= facts.commit; index += 1) {
    const text = facts.log[index - facts.base - 1];
    const known = committed[index - FIRST_INDEX];
    if (known !== undefined) {
      if (text !== known)
        return violated(
          "state machine safety",
          `member ${id} has something else at the committed index ${index}`,
        );
      continue;
    }
    if (text === undefined || index !== committed.length + FIRST_INDEX) {
      return violated("commit within log", `member ${id} commits ${index}, which it does not hold`);
    }
    // The membership before the step: a change that this commit puts in force must not vote on itself.
    const { membership } = before.facts;
    const isHeld = isQuorum(membership, (member) => {
      const state = members.find((other) => other.id === member);
      return state !== undefined && holdsDurably(state.facts, index, text);
    });
    if (!isHeld)
      return violated("committed entries are durable on a quorum", `member ${id} commits ${index}`);
    committed = [...committed, text];
    committedIn = [...committedIn, facts.term];
  }
  return {
    ok: true,
    ghost: committed === ghost.committed ? ghost : { ...ghost, committed, committedIn },
  };
}

function appliedOnly({ ghost, transition }: Step): Seen {
  const { id, facts } = transition.next;
  const wrong = facts.applied.findIndex((text, at) => ghost.committed[at] !== text);
  if (wrong >= 0)
    return violated(
      "state machine safety",
      `member ${id} applied something that was never committed at ${wrong + FIRST_INDEX}`,
    );
  return { ok: true, ghost };
}

function confirmed({ ghost, transition }: Step): Seen {
  for (const { requestId, index } of transition.reads) {
    const asked = ghost.reads[requestId] ?? 0;
    if (index < asked) {
      return violated(
        "reads see what was committed before",
        `member ${transition.next.id} may read at ${index}, ${asked} was committed when it asked`,
      );
    }
  }
  return { ok: true, ghost };
}

/** The same index and term on two members: everything before is the same. Source: Raft §5.3. */
function logsMatch({ id, facts }: MemberState, members: readonly MemberState[]): Seen | undefined {
  for (const other of members) {
    if (other.id === id) continue;
    const low = Math.max(facts.base, other.facts.base) + 1;
    const high = Math.min(facts.base + facts.log.length, other.facts.base + other.facts.log.length);
    let mustMatch = false;
    for (let index = high; index >= low; index -= 1) {
      const here = facts.log[index - facts.base - 1] as string;
      const there = other.facts.log[index - other.facts.base - 1] as string;
      if (here === there) mustMatch = true;
      else if (mustMatch || termOf(here) === termOf(there)) {
        return violated("log matching", `members ${id} and ${other.id} differ at ${index}`);
      }
    }
  }
  return undefined;
}

function termOf(text: string): number {
  return Number.parseInt(text, 10);
}

function holds({ base, log }: Facts, index: number, text: string): boolean {
  return index <= base || log[index - base - 1] === text;
}

function holdsDurably({ diskBase, disk }: Facts, index: number, text: string): boolean {
  return index <= diskBase || disk[index - diskBase - 1] === text;
}
