import type { LogIndex, LogPosition, MemberId, Term } from "@quorate/core";
import { type AbstractLog, AbstractMember } from "./abstract-member.ts";
import { demand, RULES } from "./rules.ts";

/** Who led a term, and the log it led with. */
export interface Leadership {
  readonly leader: MemberId;
  /** Its log as it was elected. */
  readonly log: AbstractLog;
  /** Where its own entries begin, and end so far. */
  readonly noop: LogIndex;
  last: LogIndex;
}

/** What the model knows of all members together: what was promised, who led, and what is committed. */
export class AbstractGroup {
  readonly members: Map<MemberId, AbstractMember> = new Map();
  readonly leaderships: Map<Term, Leadership> = new Map();
  /** Votes that were ever given, as `voter/term/candidate`; pre-votes as `voter/candidate`. */
  readonly votes: Set<string> = new Set();
  readonly preVotes: Set<string> = new Set();
  /** What candidates campaigned with, as `ballot candidate/term, last term/last index`. */
  readonly campaigns: Set<string> = new Set();
  /** The newest term that anybody ever was in. */
  newestTerm: Term = 0;
  /** By index: the term of the committed entry, and the term in which it was committed. */
  readonly #committed: Term[] = [0];
  readonly #committedIn: Term[] = [0];

  get committed(): LogIndex {
    return this.#committed.length - 1;
  }

  committedTerm(index: LogIndex): Term | undefined {
    return this.#committed[index];
  }

  /** A running member. */
  member(id: MemberId): AbstractMember {
    const member = this.members.get(id);
    demand(member?.isUp === true, RULES.aliveMembersAct, () => `member ${id} does not run`);
    return member;
  }

  known(id: MemberId): AbstractMember {
    let member = this.members.get(id);
    if (member === undefined) {
      member = new AbstractMember(id);
      this.members.set(id, member);
    }
    return member;
  }

  /** A campaign begins: what voters are told of the candidate's log is this. */
  campaigned(ballot: string, candidate: AbstractMember, term: Term): void {
    this.campaigns.add(campaignOf(ballot, candidate.id, term, candidate.log.lastPosition));
  }

  entered(term: Term): void {
    if (term > this.newestTerm) this.newestTerm = term;
  }

  /** The term of the entry at `index` that the leader of `term` has; undefined when it has none there. */
  leaderTermAt(term: Term, index: LogIndex): Term | undefined {
    const leadership = this.leaderships.get(term);
    if (leadership === undefined || index > leadership.last) return undefined;
    if (index >= leadership.noop) return term;
    return index < leadership.log.base ? this.#committed[index] : leadership.log.termAt(index);
  }

  /** Everything up to `index` is committed, as `member` has it. */
  commitTo(member: AbstractMember, index: LogIndex): void {
    for (let next = this.committed + 1; next <= index; next += 1) {
      this.#committed.push(member.log.termAt(next) ?? 0);
      this.#committedIn.push(member.term);
    }
  }

  /** What a leader of `term` must hold: what was committed in earlier terms. */
  committedBefore(term: Term): LogIndex {
    let index = this.committed;
    while (index > 0 && (this.#committedIn[index] as Term) >= term) index -= 1;
    return index;
  }
}

/** A campaign as the group remembers it. */
export function campaignOf(
  ballot: string,
  candidate: MemberId,
  term: Term,
  { term: lastTerm, index }: LogPosition,
): string {
  return `${ballot} ${candidate}/${term}, ${lastTerm}/${index}`;
}
