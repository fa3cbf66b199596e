import type { MemberId, Role, RoleChange, Term } from "@quorate/core";

/** Who leads as far as this member's core has said, and what this member is. */
export class Standing {
  #role: Role = "follower";
  #leader: MemberId = 0;
  #term: Term;

  constructor(term: Term) {
    this.#term = term;
  }

  get role(): Role {
    return this.#role;
  }

  /** 0 for nobody. */
  get leader(): MemberId {
    return this.#leader;
  }

  get term(): Term {
    return this.#term;
  }

  /** False when all of it was so before. */
  change({ role, leader, term }: RoleChange): boolean {
    const isNews = leader !== this.#leader || term !== this.#term || role !== this.#role;
    this.#role = role;
    this.#leader = leader;
    this.#term = term;
    return isNews;
  }

  /** Whoever has stopped neither leads nor follows, whatever its core said last. */
  nobody(): RoleChange {
    return { role: "follower", leader: 0, term: this.#term };
  }
}
