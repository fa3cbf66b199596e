import { violated } from "../invariants/invariant.ts";
import { INVARIANTS } from "../invariants/names.ts";
import { type MemberId, NOBODY, type Role, type Term } from "../types.ts";

/** Where a member stands: its term, its vote in that term, its role, and whom it takes for the leader. */
export class Standing {
  #role: Role = "follower";
  #term: Term;
  #vote: MemberId;
  #leader: MemberId = NOBODY;
  // What a restart would find.
  #durableTerm: Term;
  #durableVote: MemberId;

  constructor(term: Term, vote: MemberId) {
    this.#term = term;
    this.#vote = vote;
    this.#durableTerm = term;
    this.#durableVote = vote;
  }

  get role(): Role {
    return this.#role;
  }
  get term(): Term {
    return this.#term;
  }
  /** Whom it voted for in this term, 0 for nobody. */
  get vote(): MemberId {
    return this.#vote;
  }
  get leader(): MemberId {
    return this.#leader;
  }

  /** Would a restart find the present term and vote? Until then nothing may rest on them. */
  get isDurable(): boolean {
    return this.#durableTerm === this.#term && this.#durableVote === this.#vote;
  }

  /** The disk holds this term and this vote. */
  durableTo(term: Term, vote: MemberId): void {
    this.#durableTerm = term;
    this.#durableVote = vote;
  }

  /** Enters `term` as a follower; the vote survives only within one term. */
  follow(term: Term, leader: MemberId): void {
    this.#enterTerm(term);
    this.#role = "follower";
    this.#leader = leader;
  }

  /** Asks around without disturbing anybody: neither term nor vote change. */
  preCampaign(): void {
    if (this.#role === "leader") violated(INVARIANTS.roleTransition, "leader to pre-candidate");
    this.#role = "preCandidate";
    this.#leader = NOBODY;
  }

  campaign(self: MemberId): void {
    if (this.#role === "leader") violated(INVARIANTS.roleTransition, "leader to candidate");
    this.#enterTerm(this.#term + 1);
    this.#role = "candidate";
    this.#vote = self;
    this.#leader = NOBODY;
  }

  lead(self: MemberId): void {
    if (this.#role !== "candidate") violated(INVARIANTS.roleTransition, `${this.#role} to leader`);
    this.#role = "leader";
    this.#leader = self;
  }

  voteFor(candidate: MemberId): void {
    if (this.#vote !== NOBODY && this.#vote !== candidate) {
      violated(
        INVARIANTS.oneVote,
        `voted for ${this.#vote}, now for ${candidate} in term ${this.#term}`,
      );
    }
    this.#vote = candidate;
  }

  /** A message of this term came from its leader. */
  hearLeader(leader: MemberId): void {
    if (this.#leader !== NOBODY && this.#leader !== leader) {
      violated(INVARIANTS.oneLeader, `${this.#leader} and ${leader} in term ${this.#term}`);
    }
    this.#leader = leader;
  }

  forgetLeader(): void {
    this.#leader = NOBODY;
  }

  #enterTerm(term: Term): void {
    if (term < this.#term) violated(INVARIANTS.termGrows, `${this.#term} to ${term}`);
    if (term === this.#term) return;
    this.#term = term;
    this.#vote = NOBODY;
  }
}
