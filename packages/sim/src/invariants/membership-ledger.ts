import type { LogIndex, MemberId, Membership } from "@quorate/core";
import type { Report } from "./member-facts.ts";
import { describeMembership, quorumsMeet } from "./quorums.ts";

/** The sequence of memberships: the same for everybody, and each sharing a member with the next in every quorum. */
export class MembershipLedger {
  readonly #report: Report;
  readonly #byIndex: Map<LogIndex, { readonly text: string; readonly membership: Membership }> =
    new Map();
  readonly #meeting: Map<string, boolean> = new Map();

  constructor(report: Report) {
    this.#report = report;
  }

  /** The change at `index` took force at `member`. */
  changed(member: MemberId, index: LogIndex, before: Membership, after: Membership): void {
    const text = describeMembership(after);
    const known = this.#byIndex.get(index);
    if (known !== undefined) {
      if (known.text !== text) {
        this.#report(
          "equal memberships",
          `member ${member} has ${text} after ${index}, another one ${known.text}`,
        );
      }
      return;
    }
    this.#byIndex.set(index, { text, membership: after });
    // The group's first entries build it up from nobody.
    if (before.voters.length === 0) return;
    if (!this.#meet(before, after)) {
      this.#report(
        "consecutive memberships share a member in every quorum",
        `at ${index}: ${describeMembership(before)}, then ${text}`,
      );
    }
  }

  /** A member received a membership with a snapshot of `index`. */
  restored(member: MemberId, index: LogIndex, membership: Membership): void {
    let newest: { readonly text: string } | undefined;
    let at = 0;
    for (const [changeIndex, known] of this.#byIndex) {
      if (changeIndex <= index && changeIndex > at) {
        at = changeIndex;
        newest = known;
      }
    }
    const text = describeMembership(membership);
    if (newest !== undefined && newest.text !== text) {
      this.#report(
        "equal memberships",
        `member ${member} received ${text} with the snapshot of ${index}, the group had ${newest.text}`,
      );
    }
  }

  #meet(one: Membership, other: Membership): boolean {
    const key = `${describeMembership(one)}; ${describeMembership(other)}`;
    let meet = this.#meeting.get(key);
    if (meet === undefined) {
      meet = quorumsMeet(one, other);
      this.#meeting.set(key, meet);
    }
    return meet;
  }
}
