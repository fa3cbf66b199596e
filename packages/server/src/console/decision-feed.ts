import type { Decision, DecisionType } from "@quorate/core";

/** Enough to see the last elections and changes of membership from their beginning. */
const KEPT = 300;

/** Made all the time while all is well; they would push out what people ask about. */
const ROUTINE: ReadonlySet<DecisionType> = new Set<DecisionType>([
  "timeoutDrawn",
  "heartbeatsSent",
  "quorumConfirmed",
  "entriesProposed",
  "proposalForwarded",
  "appendSent",
  "appendHeld",
  "appendAccepted",
  "appendOutdated",
  "progressAdvanced",
  "commitAdvanced",
  "refusalStale",
  "lowerTermIgnored",
  "memberUnreachable",
  "entriesDurable",
  "durableIgnored",
  "durableOutdated",
  "applyHandedOut",
  "applyHeld",
  "entriesApplied",
  "readQueued",
  "readStarted",
  "readConfirmed",
  "readForwarded",
]);

/** A decision with its place among those of its member, and the wall clock's time. */
export interface FeedItem {
  readonly sequence: number;
  readonly wallClockMs: number;
  readonly decision: Decision;
}

/** The newest decisions of this member that are worth a person's attention. */
export class DecisionFeed {
  readonly #items: FeedItem[] = [];
  readonly #listeners: Set<() => void> = new Set();
  readonly #wallClockMs: () => number;
  #sequence = 0;

  constructor(wallClockMs: () => number) {
    this.#wallClockMs = wallClockMs;
  }

  add(decision: Decision): void {
    if (ROUTINE.has(decision.type)) return;
    this.#sequence += 1;
    const item = { sequence: this.#sequence, wallClockMs: this.#wallClockMs(), decision };
    this.#items.push(item);
    if (this.#items.length > KEPT) this.#items.shift();
    for (const listener of this.#listeners) listener();
  }

  /** Those after `sequence`, oldest first. A sequence from another life of the process counts as none. */
  after(sequence: number): readonly FeedItem[] {
    const known = sequence > this.#sequence ? 0 : sequence;
    return this.#items.filter((item) => item.sequence > known);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
