import type { Entry, LogIndex, MemberId, Term } from "@quorate/core";
import type { MemberFacts, Report } from "./member-facts.ts";

/** Every log position that ever existed: the same term at the same index means the same log up to there. */
export class LogLedger {
  readonly #report: Report;
  /** By index, then by term: the print of the log up to it. */
  readonly #prints: Map<LogIndex, Map<Term, number>> = new Map();

  constructor(report: Report) {
    this.#report = report;
  }

  /** `entries` were put into the member's log. */
  put(member: MemberFacts, entries: readonly Entry[]): void {
    for (const { index, term } of entries) {
      const print = member.prints.at(index);
      if (print !== undefined) this.#see(member.id, index, term, print);
    }
  }

  /** A leader's log only grows: `entries` must follow what is there. */
  appendedByLeader(member: MemberFacts, term: Term, entries: readonly Entry[]): void {
    const first = entries[0];
    if (first !== undefined && first.index !== member.prints.last + 1) {
      this.#report(
        "leader append-only",
        `member ${member.id} leads term ${term} and writes ${first.index} into a log that ends at ${member.prints.last}`,
      );
    }
  }

  #see(member: MemberId, index: LogIndex, term: Term, print: number): void {
    let terms = this.#prints.get(index);
    if (terms === undefined) {
      terms = new Map();
      this.#prints.set(index, terms);
    }
    const known = terms.get(term);
    if (known === undefined) terms.set(term, print);
    else if (known !== print) {
      this.#report(
        "log matching",
        `member ${member} holds ${term}/${index} after other entries than another member`,
      );
    }
  }
}
