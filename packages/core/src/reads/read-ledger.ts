import type { LogIndex, MemberId } from "../types.ts";

/** A question for a read index: the member's own, or one that a follower passed on. */
export interface ReadRequest {
  readonly requestId: number;
  /** Who asked. */
  readonly from: MemberId;
}

/** A request that has its index and waits for the heartbeat round to be answered by a quorum. */
interface WaitingRead extends ReadRequest {
  readonly index: LogIndex;
  round: number;
}

/**
 * Requests that wait at one leader, of which each costs some tens of bytes. Beyond it requests are refused, which is
 * better than letting a cut-off leader collect them until memory ends.
 */
export const READS_WAITING_MAX = 65_536;

/** Answered reads that stay in the list before it is cut. */
const ANSWERED_KEPT_MAX = 1024;

/** The round of a read whose heartbeats have not been sent yet. */
const NOT_STARTED = Number.POSITIVE_INFINITY;

/**
 * A leader's open reads and its heartbeat rounds. Rounds are numbered within a term; members echo the number, so that
 * an answer says which rounds it confirms. Source: Ongaro's thesis §6.4.
 */
export class ReadLedger {
  #round = 0;
  #opening: LogIndex = Number.POSITIVE_INFINITY;
  /** Before the first commit of the term the leader does not know what is committed: these wait for it. */
  #early: ReadRequest[] = [];
  /** In the order of their rounds; those in [0, #head) are answered. */
  #waiting: WaitingRead[] = [];
  #head = 0;
  #wanted = false;

  /** Where the leader's first entry of its term stands. Until it is committed, the leader does not know what is. */
  get opening(): LogIndex {
    return this.#opening;
  }
  /** A leadership begins with the entry at `index`. */
  open(index: LogIndex): void {
    this.#opening = index;
  }
  /** Number of the newest heartbeat round. */
  get round(): number {
    return this.#round;
  }
  /** Reads wait whose round has not begun. */
  get roundWanted(): boolean {
    return this.#wanted;
  }
  get pending(): number {
    return this.#early.length + this.#waiting.length - this.#head;
  }
  get isFull(): boolean {
    return this.pending >= READS_WAITING_MAX;
  }

  /** Returns how many requests are given up. */
  reset(): number {
    const pending = this.pending;
    this.#round = 0;
    this.#opening = Number.POSITIVE_INFINITY;
    this.#early = [];
    this.#waiting = [];
    this.#head = 0;
    this.#wanted = false;
    return pending;
  }

  queueEarly(request: ReadRequest): void {
    this.#early.push(request);
  }
  takeEarly(): readonly ReadRequest[] {
    const early = this.#early;
    this.#early = [];
    return early;
  }

  /** The read may be answered with `index` once a round that begins from now on is confirmed. */
  wait(request: ReadRequest, index: LogIndex): void {
    this.#waiting.push({ ...request, index, round: NOT_STARTED });
    this.#wanted = true;
  }

  /** A round of heartbeats begins; it will confirm every read that waits now. */
  beginRound(): number {
    this.#round++;
    for (let i = this.#waiting.length - 1; i >= this.#head; i--) {
      const read = this.#waiting[i] as WaitingRead;
      if (read.round !== NOT_STARTED) break;
      read.round = this.#round;
    }
    this.#wanted = false;
    return this.#round;
  }

  /** The oldest read that the rounds up to `confirmed` answer; undefined for none. Call until it is. */
  nextConfirmed(confirmed: number): (ReadRequest & { readonly index: LogIndex }) | undefined {
    const read = this.#waiting[this.#head];
    if (read === undefined || read.round > confirmed) return undefined;
    this.#head++;
    // Under steady load the list never empties: cut off the answered half, at most once per so many reads.
    if (this.#head === this.#waiting.length || this.#head === ANSWERED_KEPT_MAX) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    return read;
  }
}
