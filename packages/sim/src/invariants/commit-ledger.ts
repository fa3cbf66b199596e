import type { LogIndex, MemberId, Term } from "@quorate/core";
import type { MemberFacts, Report } from "./member-facts.ts";
import type { LogPrints } from "./prints.ts";
import { isQuorum } from "./quorums.ts";

/** The one committed log of the group, as leaders declared it, and what must hold for everybody because of it. */
export class CommitLedger {
  readonly #report: Report;
  /** By index: print of the log up to it, its term, and the term of the leader that committed it. */
  readonly #prints: number[] = [0];
  readonly #terms: Term[] = [0];
  readonly #committedIn: Term[] = [0];

  constructor(report: Report) {
    this.#report = report;
  }

  /** Everything up to here is committed. */
  get last(): LogIndex {
    return this.#prints.length - 1;
  }

  printAt(index: LogIndex): number | undefined {
    return this.#prints[index];
  }

  termAt(index: LogIndex): Term | undefined {
    return this.#terms[index];
  }

  /** The group's first entries are committed from the start. */
  begin(member: MemberFacts, commit: LogIndex, term: Term): void {
    for (let index = this.last + 1; index <= commit; index += 1) {
      this.#prints.push(member.prints.at(index) ?? 0);
      this.#terms.push(member.prints.termAt(index) ?? 0);
      this.#committedIn.push(term);
    }
  }

  /** From now on the log ends at `index` and is what these prints say; what was committed beyond is given up. */
  recovered(prints: LogPrints, index: LogIndex): void {
    const last = Math.min(this.last, index);
    for (const list of [this.#prints, this.#terms, this.#committedIn]) list.length = last + 1;
    for (let next = last + 1; next <= index; next += 1) {
      this.#prints.push(prints.at(next) ?? 0);
      this.#terms.push(prints.termAt(next) ?? 0);
      this.#committedIn.push(prints.termAt(next) ?? 0);
    }
  }

  /** A member takes everything up to `commit` for committed. */
  advanced(
    member: MemberFacts,
    commit: LogIndex,
    term: Term,
    isLeader: boolean,
    everybody: ReadonlyMap<MemberId, MemberFacts>,
  ): void {
    const { id, prints } = member;
    if (commit > prints.last) {
      this.#report(
        "commit within the log",
        `member ${id} commits ${commit}, its log ends at ${prints.last}`,
      );
      return;
    }
    if (commit > this.last) {
      if (isLeader) this.#extend(member, commit, term, everybody);
      else {
        this.#report(
          "only leaders decide what is committed",
          `member ${id} takes ${commit} for committed, the leaders only ${this.last}`,
        );
      }
      return;
    }
    const print = prints.at(commit);
    if (print !== undefined && print !== this.#prints[commit]) {
      this.#report(
        "committed entries stay",
        `member ${id} takes another entry for committed at ${commit} than the group did`,
      );
    }
  }

  /** A member becomes leader: its log must hold whatever was committed in earlier terms. */
  elected(leader: MemberFacts, term: Term): void {
    let index = this.last;
    while (index > 0 && (this.#committedIn[index] as Term) >= term) index -= 1;
    const { id, prints } = leader;
    if (index <= prints.base) return;
    if (prints.at(index) !== this.#prints[index]) {
      this.#report(
        "leader completeness",
        `member ${id} leads term ${term} without the entry committed at ${index}`,
      );
    }
  }

  /** A machine applies an entry; `print` is that of everything it applied. */
  applied(id: MemberId, index: LogIndex, before: LogIndex, print: number): void {
    if (index !== before + 1) {
      this.#report("entries applied in order", `member ${id} applies ${index} after ${before}`);
    }
    const committed = this.#prints[index];
    if (committed === undefined) {
      this.#report("only committed entries are applied", `member ${id} applies ${index}`);
    } else if (committed !== print) {
      this.#report("state machine safety", `member ${id} applies another entry at ${index}`);
    }
  }

  #extend(
    leader: MemberFacts,
    commit: LogIndex,
    term: Term,
    everybody: ReadonlyMap<MemberId, MemberFacts>,
  ): void {
    const { id, prints, membership } = leader;
    const print = prints.at(commit);
    if (prints.termAt(commit) !== term) {
      this.#report(
        "only entries of the own term are committed by counting",
        `member ${id} commits ${commit} of term ${prints.termAt(commit)} in term ${term}`,
      );
    }
    const holds = (member: MemberId): boolean => {
      const facts = everybody.get(member);
      if (facts === undefined) return false;
      if (facts.wasWiped || facts.durablePrints.base >= commit) return true;
      return facts.durablePrints.at(commit) === print || facts.lostPrints?.at(commit) === print;
    };
    if (!isQuorum(membership, holds)) {
      const holders = [...everybody.keys()].filter(holds);
      this.#report(
        "committed entries are durable on a quorum",
        `member ${id} commits ${commit} in term ${term}, durable on ${holders.join(" ") || "nobody"}`,
      );
    }
    for (let index = this.last + 1; index <= commit; index += 1) {
      this.#prints.push(prints.at(index) ?? 0);
      this.#terms.push(prints.termAt(index) ?? 0);
      this.#committedIn.push(term);
    }
  }
}
