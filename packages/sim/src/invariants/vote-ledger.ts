import type { HardState, MemberId, Term } from "@quorate/core";
import type { MemberFacts, Report } from "./member-facts.ts";
import { isQuorum } from "./quorums.ts";

/** Votes and terms as they stood on disks and left in answers, kept outside the members and across their lives. */
export class VoteLedger {
  readonly #report: Report;
  /** Whom a member voted for, by member and term. */
  readonly #votes: Map<string, MemberId> = new Map();
  readonly #terms: Map<MemberId, Term> = new Map();
  readonly #leaders: Map<Term, MemberId> = new Map();

  constructor(report: Report) {
    this.#report = report;
  }

  /** Who led `term`, if anybody did. */
  leaderOf(term: Term): MemberId | undefined {
    return this.#leaders.get(term);
  }

  get leaders(): ReadonlyMap<Term, MemberId> {
    return this.#leaders;
  }

  /** A hard state is what a power loss would leave. */
  stored(member: MemberId, { term, vote }: HardState): void {
    const before = this.#terms.get(member) ?? 0;
    if (term < before) {
      this.#report("terms never go back", `member ${member} stores term ${term} after ${before}`);
    }
    this.#terms.set(member, Math.max(term, before));
    if (vote !== 0) this.#vote(member, term, vote);
  }

  /** The disk is gone: what it promised is known here and nowhere else. */
  wiped(member: MemberId): void {
    this.#terms.delete(member);
    for (const key of [...this.#votes.keys()]) {
      if (key.startsWith(`${member}/`)) this.#votes.delete(key);
    }
  }

  /** A granted vote leaves a member. */
  granted(voter: MemberFacts, term: Term, candidate: MemberId): void {
    const { durableHardState } = voter;
    const isDurable =
      durableHardState.term > term ||
      (durableHardState.term === term && durableHardState.vote === candidate);
    if (!isDurable) {
      this.#report(
        "durable before promised",
        `member ${voter.id} grants ${candidate} term ${term}, its disk says term ${durableHardState.term}, vote ${durableHardState.vote}`,
      );
    }
    this.#vote(voter.id, term, candidate);
  }

  /** Promises to members of a group that was given up bind nobody. */
  newGroup(): void {
    this.#votes.clear();
    this.#leaders.clear();
  }

  elected(leader: MemberFacts, term: Term, everybody: ReadonlyMap<MemberId, MemberFacts>): void {
    const { id, membership } = leader;
    const other = this.#leaders.get(term);
    if (other !== undefined && other !== id) {
      this.#report("election safety", `members ${other} and ${id} both lead term ${term}`);
      return;
    }
    this.#leaders.set(term, id);
    const voted = (member: MemberId): boolean => this.#votes.get(`${member}/${term}`) === id;
    const forgetful = (member: MemberId): boolean => everybody.get(member)?.wasWiped === true;
    if (!isQuorum(membership, (member) => voted(member) || forgetful(member))) {
      const voters = [...everybody.keys()].filter(voted);
      this.#report(
        "leaders have a quorum of durable votes",
        `member ${id} leads term ${term} with the votes of ${voters.join(" ") || "nobody"}`,
      );
    }
  }

  #vote(member: MemberId, term: Term, candidate: MemberId): void {
    const key = `${member}/${term}`;
    const before = this.#votes.get(key);
    if (before !== undefined && before !== candidate) {
      this.#report(
        "one vote per term",
        `member ${member} voted for ${before} and for ${candidate} in term ${term}`,
      );
    }
    this.#votes.set(key, candidate);
  }
}
