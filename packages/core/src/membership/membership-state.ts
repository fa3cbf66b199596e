import { violated } from "../invariants/invariant.ts";
import { INVARIANTS } from "../invariants/names.ts";
import type { LogIndex } from "../types.ts";
import type { Membership } from "./membership.ts";
import { Roster } from "./roster.ts";

/** Which membership is in force here, and whether a leader may propose another change. */
export class MembershipState {
  #roster: Roster;
  /** What the changes applied so far lead to: behind the roster while a received snapshot waits to be installed. */
  #applied: Membership;
  #restoredIndex: LogIndex = 0;
  #pendingIndex: LogIndex = 0;
  #appliedIndex: LogIndex = 0;

  constructor(membership: Membership) {
    this.#roster = new Roster(membership);
    this.#applied = membership;
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
  /** The membership that the next change to apply builds on. */
  get applied(): Membership {
    return this.#applied;
  }
  /** Changes up to here are part of a snapshot's membership, which is in force already. */
  get restoredIndex(): LogIndex {
    return this.#restoredIndex;
  }
  /** A snapshot of `index` came in and its membership is put in force. */
  restoring(index: LogIndex): void {
    this.#restoredIndex = index;
  }
  /** The snapshot of `index` is the state now. */
  restored(index: LogIndex): void {
    if (index === this.#restoredIndex) this.#applied = this.#roster.membership;
  }
  /** A change was applied and leads to `membership`. */
  changed(membership: Membership): void {
    this.#applied = membership;
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
