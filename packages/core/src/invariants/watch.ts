import type { Raft } from "../raft.ts";
import type { LogIndex, MemberId, Role, Term } from "../types.ts";
import { invariant } from "./invariant.ts";
import { INVARIANTS } from "./names.ts";

/** Remembers what may only grow, and compares after every call. A handful of number comparisons: always on. */
export class InvariantWatch {
  #term: Term = 0;
  #vote: MemberId = 0;
  #role: Role = "follower";
  #commit: LogIndex = 0;
  #applied: LogIndex = 0;
  #lastIndex: LogIndex = 0;

  check(raft: Raft): void {
    const { standing, log } = raft;
    const { term, role } = standing;
    invariant(term >= this.#term, INVARIANTS.termGrows, () => `${this.#term} to ${term}`);
    if (term === this.#term) this.#checkWithinTerm(raft);
    const { applied, applying, commit, lastIndex } = log;
    invariant(
      applied <= applying && applying <= commit && commit <= lastIndex,
      INVARIANTS.appliedWithinCommit,
      () => `applied ${applied}, applying ${applying}, commit ${commit}, last ${lastIndex}`,
    );
    invariant(commit >= this.#commit, INVARIANTS.commitGrows, () => `${this.#commit} to ${commit}`);
    invariant(
      applied >= this.#applied,
      INVARIANTS.appliedWithinCommit,
      () => `${this.#applied} to ${applied}`,
    );
    this.#term = term;
    this.#vote = standing.vote;
    this.#role = role;
    this.#commit = commit;
    this.#applied = applied;
    this.#lastIndex = lastIndex;
  }

  #checkWithinTerm(raft: Raft): void {
    const { vote, role, term } = raft.standing;
    invariant(
      vote === this.#vote || this.#vote === 0,
      INVARIANTS.oneVote,
      () => `${this.#vote}, then ${vote} in term ${term}`,
    );
    invariant(
      role !== "leader" || this.#role !== "leader" || raft.log.lastIndex >= this.#lastIndex,
      INVARIANTS.leaderAppends,
      () => `last ${this.#lastIndex} to ${raft.log.lastIndex}`,
    );
  }
}
