import { violated } from "../invariants/invariant.ts";
import { INVARIANTS } from "../invariants/names.ts";
import type { LogIndex } from "../types.ts";
import type { Membership } from "./membership.ts";
import { Roster } from "./roster.ts";

/** Which membership is in force here, and whether a leader may propose another change. */
export class MembershipState {
  #roster: Roster;
  #pendingIndex: LogIndex = 0;
  #appliedIndex: LogIndex = 0;

  constructor(membership: Membership) {
    this.#roster = new Roster(membership);
  }

  get roster(): Roster {
    return this.#roster;
  }
  /** Up to here the log may hold a change that is not applied: a leader lets no second one in before. */
  get pendingIndex(): LogIndex {
    return this.#pendingIndex;
  }

  putInForce(membership: Membership): Roster {
    this.#roster = new Roster(membership);
    return this.#roster;
  }
  changePendingTo(index: LogIndex): void {
    this.#pendingIndex = index;
  }
  /** The change at `index` is being applied. */
  applying(index: LogIndex): void {
    if (index <= this.#appliedIndex) {
      violated(INVARIANTS.changesInOrder, `change ${index} after ${this.#appliedIndex}`);
    }
    this.#appliedIndex = index;
  }
}
