import type { Raft } from "../raft.ts";
import { type LogIndex, type MemberId, NOBODY, type Role, type Term } from "../types.ts";
import { violated } from "./invariant.ts";
import { INVARIANTS } from "./names.ts";

/** Remembers what may only grow, and compares after every call. A handful of number comparisons: always on. */
export class InvariantWatch {
  #term: Term = 0;
  #vote: MemberId = NOBODY;
  #role: Role = "follower";
  #commit: LogIndex = 0;
  #applied: LogIndex = 0;
  #lastIndex: LogIndex = 0;

  check(raft: Raft): void {
    const { standing, log } = raft;
    const { term, role } = standing;
    if (term < this.#term) violated(INVARIANTS.termGrows, `${this.#term} to ${term}`);
    if (term === this.#term) this.#checkWithinTerm(raft);
    if (role === "leader" && !standing.isDurable) {
      violated(INVARIANTS.actsWhenDurable, `leads term ${term}, which a restart would not find`);
    }
    const { applied, applying, commit, lastIndex } = log;
    if (applied > applying || applying > commit || commit > lastIndex) {
      violated(
        INVARIANTS.appliedWithinCommit,
        `applied ${applied}, applying ${applying}, commit ${commit}, last ${lastIndex}`,
      );
    }
    if (commit < this.#commit) violated(INVARIANTS.commitGrows, `${this.#commit} to ${commit}`);
    if (applied < this.#applied) {
      violated(INVARIANTS.appliedWithinCommit, `applied ${this.#applied} to ${applied}`);
    }
    this.#term = term;
    this.#vote = standing.vote;
    this.#role = role;
    this.#commit = commit;
    this.#applied = applied;
    this.#lastIndex = lastIndex;
  }

  #checkWithinTerm(raft: Raft): void {
    const { vote, role, term } = raft.standing;
    if (vote !== this.#vote && this.#vote !== NOBODY) {
      violated(INVARIANTS.oneVote, `${this.#vote}, then ${vote} in term ${term}`);
    }
    const { lastIndex } = raft.log;
    if (role === "leader" && this.#role === "leader" && lastIndex < this.#lastIndex) {
      violated(INVARIANTS.leaderAppends, `last ${this.#lastIndex} to ${lastIndex}`);
    }
  }
}
