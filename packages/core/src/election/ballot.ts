import type { Roster } from "../membership/roster.ts";
import { jointVote } from "../quorum/joint.ts";
import { majorityVote, type VoteOutcome } from "../quorum/majority.ts";
import type { MemberId } from "../types.ts";

/** The answers to one campaign. One answer per member counts, the first: repeated messages change nothing. */
export class Ballot {
  readonly #answers = new Map<MemberId, boolean>();

  clear(): void {
    this.#answers.clear();
  }

  /** Returns false when this member had answered already. */
  record(member: MemberId, granted: boolean): boolean {
    if (this.#answers.has(member)) return false;
    this.#answers.set(member, granted);
    return true;
  }

  has(member: MemberId): boolean {
    return this.#answers.has(member);
  }

  /** Answers of those who count; learners and strangers do not. */
  count(roster: Roster, granted: boolean): number {
    return this.#countAmong(roster.electors, granted);
  }

  outcome(roster: Roster): VoteOutcome {
    const { voters, outgoing } = roster.membership;
    return jointVote(this.#outcomeAmong(voters), this.#outcomeAmong(outgoing));
  }

  #outcomeAmong(voters: readonly MemberId[]): VoteOutcome {
    return majorityVote(
      voters.length,
      this.#countAmong(voters, true),
      this.#countAmong(voters, false),
    );
  }

  #countAmong(members: readonly MemberId[], granted: boolean): number {
    let count = 0;
    for (const member of members) if (this.#answers.get(member) === granted) count++;
    return count;
  }
}
