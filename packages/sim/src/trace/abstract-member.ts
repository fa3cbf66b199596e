import type { LogIndex, LogPosition, MemberId, Membership, Term } from "@quorate/core";

/** The role of a member. `entering`: a newer term was seen, and the next step must be to follow in it. */
export type AbstractRole = "follower" | "preCandidate" | "candidate" | "leader" | "entering";

/** A log is the terms of its entries: with them, two logs that agree at a place agree up to there. */
export class AbstractLog {
  base: LogIndex = 0;
  #baseTerm: Term = 0;
  #terms: Term[] = [];

  get last(): LogIndex {
    return this.base + this.#terms.length;
  }

  get lastPosition(): LogPosition {
    return { index: this.last, term: this.termAt(this.last) as Term };
  }

  /** Undefined before the base and after the end. */
  termAt(index: LogIndex): Term | undefined {
    return index === this.base ? this.#baseTerm : this.#terms[index - this.base - 1];
  }

  holds({ index, term }: LogPosition): boolean {
    return this.termAt(index) === term;
  }

  begin({ index, term }: LogPosition, terms: readonly Term[]): void {
    this.base = index;
    this.#baseTerm = term;
    this.#terms = [...terms];
  }

  append(term: Term, count: number): void {
    for (let added = 0; added < count; added += 1) this.#terms.push(term);
  }

  /** `term` stands at `index`; whatever stood there or after it is gone. */
  put(index: LogIndex, term: Term): void {
    this.#terms.length = index - this.base - 1;
    this.#terms.push(term);
  }

  copy(): AbstractLog {
    const copy = new AbstractLog();
    copy.begin({ index: this.base, term: this.#baseTerm }, this.#terms);
    return copy;
  }
}

const NOBODY: Membership = Object.freeze({
  voters: [],
  outgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
});

/** What one member is in the model. */
export class AbstractMember {
  readonly id: MemberId;
  isUp = false;
  term: Term = 0;
  vote: MemberId = 0;
  role: AbstractRole = "follower";
  /** The role before a newer term was seen. */
  roleBefore: AbstractRole = "follower";
  readonly log: AbstractLog = new AbstractLog();
  commit: LogIndex = 0;
  /** Handed out for applying, and applied. */
  handedOut: LogIndex = 0;
  applied: LogIndex = 0;
  membership: Membership = NOBODY;
  /** Its log and the one on its disk are the same up to here. */
  durable: LogIndex = 0;
  /** What its disk would give back. */
  stored: { term: Term; vote: MemberId; last: LogPosition } = {
    term: 0,
    vote: 0,
    last: { index: 0, term: 0 },
  };
  /** The newest term that its disk ever held. */
  newestStored: Term = 0;
  /** Its log and that of this term's leader are the same up to here. */
  agreed: LogIndex = 0;
  /** By term: up to where it may have acknowledged, and that of it which its disk held. */
  readonly promised: Map<Term, LogIndex> = new Map();
  readonly kept: Map<Term, LogIndex> = new Map();
  // ---- while it campaigns or leads
  readonly grants: Set<MemberId> = new Set();
  readonly refusals: Set<MemberId> = new Set();
  /** The ballot that a quorum decided for it. */
  won: "vote" | "preVote" | undefined;
  readonly match: Map<MemberId, LogIndex> = new Map();
  /** As a leader it has told of its own disk, of which it may have known less than was true. */
  knowsItself = false;
  /** Reads that wait for a quorum, as `asker/request`; a request that came twice is two reads. */
  readonly reads: Map<string, { readonly index: LogIndex; readonly committed: LogIndex }[]> =
    new Map();
  /** Received snapshots that are not on its disk yet, oldest first. */
  restoring: LogIndex[] = [];

  constructor(id: MemberId) {
    this.id = id;
  }

  /** What belongs to one role in one term ends with it. */
  become(role: AbstractRole): void {
    this.role = role;
    this.won = undefined;
    this.grants.clear();
    this.refusals.clear();
    this.match.clear();
    this.knowsItself = false;
    this.reads.clear();
  }

  /** Remembers what it may acknowledge in its term now. */
  promise(upTo: LogIndex): void {
    this.agreed = Math.max(this.agreed, upTo);
    raise(this.promised, this.term, this.agreed);
    raise(this.kept, this.term, Math.min(this.agreed, this.durable));
  }
}

function raise(map: Map<Term, LogIndex>, term: Term, index: LogIndex): void {
  if (index > (map.get(term) ?? -1)) map.set(term, index);
}
