import type { Entry, LogIndex, MemberId, Membership } from "@quorate/core";
import type { MemberFacts, Report } from "./member-facts.ts";
import { describeMembership, quorumsMeet } from "./quorums.ts";

/** The sequence of memberships: the same for everybody, and each sharing a member with the next in every quorum. */
export class MembershipLedger {
  readonly #report: Report;
  readonly #byIndex: Map<LogIndex, { readonly text: string; readonly membership: Membership }> =
    new Map();
  readonly #meeting: Map<string, boolean> = new Map();
  /** Places of changes in each member's log, as far as they were seen. */
  readonly #logged: Map<MemberId, LogIndex[]> = new Map();

  constructor(report: Report) {
    this.#report = report;
  }

  /** A group that was given up is succeeded by one that begins with this membership. */
  newGroup(index: LogIndex, membership: Membership): void {
    this.#byIndex.clear();
    this.#logged.clear();
    this.#byIndex.set(index, { text: describeMembership(membership), membership });
  }

  /** The member starts with what its disk holds; a snapshot that it installs replaces its log. */
  logEndsAt(member: MemberId, last: LogIndex): void {
    const logged = this.#logged.get(member)?.filter((index) => index <= last);
    this.#logged.set(member, logged ?? []);
  }

  /** The member puts `entries` into its log. `isProposer`: it leads, and those that are new are its own. */
  logged(member: MemberFacts, entries: readonly Entry[], isProposer: boolean): void {
    const first = entries[0];
    if (first === undefined) return;
    const logged = this.#logged.get(member.id) ?? [];
    while ((logged.at(-1) ?? 0) >= first.index) logged.pop();
    for (const { kind, index } of entries) {
      if (kind !== "membership") continue;
      const before = logged.at(-1) ?? 0;
      if (isProposer && before > member.applied) {
        this.#report(
          "one change of membership at a time",
          `leader ${member.id} logs a change at ${index} while the one at ${before} is not applied; it has applied ${member.applied}`,
        );
      }
      logged.push(index);
    }
    this.#logged.set(member.id, logged);
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
