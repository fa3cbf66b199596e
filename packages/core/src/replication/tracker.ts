import type { Roster } from "../membership/roster.ts";
import { jointReached, jointVote } from "../quorum/joint.ts";
import { majorityReached, majorityVote } from "../quorum/majority.ts";
import type { LogIndex, MemberId } from "../types.ts";
import type { WindowLimits } from "./inflight-window.ts";
import { Progress } from "./progress.ts";

const NONE: readonly Progress[] = Object.freeze([]);

/**
 * A leader's view of all members, itself included, in ascending order. Empty while the member does not lead: what
 * one leadership learned is worth nothing in the next.
 */
export class Tracker {
  readonly #limits: WindowLimits;
  #all: readonly Progress[] = NONE;
  #voters: readonly Progress[] = NONE;
  #outgoing: readonly Progress[] = NONE;
  #scratch = new Float64Array(0);

  constructor(limits: WindowLimits) {
    this.#limits = limits;
  }

  get all(): readonly Progress[] {
    return this.#all;
  }

  find(member: MemberId): Progress | undefined {
    const all = this.#all;
    for (let i = 0; i < all.length; i++) {
      const progress = all[i] as Progress;
      if (progress.id === member) return progress;
    }
    return undefined;
  }

  clear(): void {
    this.#all = NONE;
    this.#voters = NONE;
    this.#outgoing = NONE;
  }

  /** A leadership begins: nothing is known of anybody but that the leader's own log is durable up to `match`. */
  begin(roster: Roster, self: MemberId, match: LogIndex, lastIndex: LogIndex): void {
    const build = (id: MemberId): Progress =>
      new Progress(id, id === self ? match : 0, lastIndex + 1, id === self, this.#limits);
    this.#install(roster, roster.members.map(build));
  }

  /** The membership changed: those who stay keep what is known about them; `fresh` ones start anew. */
  switchTo(roster: Roster, fresh: readonly MemberId[], lastIndex: LogIndex): void {
    const next = Math.max(lastIndex, 1);
    const build = (id: MemberId): Progress => {
      const known = fresh.includes(id) ? undefined : this.find(id);
      // Counts as heard from, or the quorum check would fail before it had a chance to answer.
      return known ?? new Progress(id, 0, next, true, this.#limits);
    };
    this.#install(roster, roster.members.map(build));
  }

  /** The highest index that a quorum holds durably. Source: Raft §5.3, §5.4.2; §6 for joint memberships. */
  quorumMatch(): LogIndex {
    return jointReached(this.#matchOf(this.#voters), this.#matchOf(this.#outgoing));
  }

  /** The newest heartbeat round that a quorum answered. */
  quorumRound(): number {
    return jointReached(this.#roundOf(this.#voters), this.#roundOf(this.#outgoing));
  }

  /** Was a quorum heard from since the last check? */
  quorumActive(): boolean {
    return jointVote(activeVote(this.#voters), activeVote(this.#outgoing)) === "won";
  }

  #matchOf(half: readonly Progress[]): LogIndex {
    for (let i = 0; i < half.length; i++) this.#scratch[i] = (half[i] as Progress).match;
    return majorityReached(this.#scratch, half.length);
  }

  #roundOf(half: readonly Progress[]): number {
    for (let i = 0; i < half.length; i++) this.#scratch[i] = (half[i] as Progress).confirmedRound;
    return majorityReached(this.#scratch, half.length);
  }

  #install(roster: Roster, all: readonly Progress[]): void {
    const { voters, outgoing } = roster.membership;
    this.#all = all;
    this.#voters = all.filter((progress) => voters.includes(progress.id));
    this.#outgoing = all.filter((progress) => outgoing.includes(progress.id));
    if (this.#scratch.length < all.length) this.#scratch = new Float64Array(all.length);
  }
}

function activeVote(half: readonly Progress[]): ReturnType<typeof majorityVote> {
  let active = 0;
  for (const progress of half) if (progress.active) active++;
  return majorityVote(half.length, active, half.length - active);
}
