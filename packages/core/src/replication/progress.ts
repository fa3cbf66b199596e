import { violated } from "../invariants/invariant.ts";
import { INVARIANTS } from "../invariants/names.ts";
import type { ProgressState, ProgressStatus } from "../status.ts";
import type { LogIndex, MemberId } from "../types.ts";
import { InflightWindow, type WindowLimits } from "./inflight-window.ts";

/**
 * What a leader knows about one member's log, and whether it may send more.
 *
 * ```
 *             refused, unreachable                   ┌──────────┐  log is compacted
 *   ┌───────┐ <─────────────────── ┌───────────┐ ──> │ snapshot │ <── from both
 *   │ probe │                      │ replicate │     └──────────┘
 *   └───────┘ ───────────────────> └───────────┘          │ answer reaches our log,
 *       ^        append accepted                          │ or a report about it
 *       └────────────────────────────────────────────────-┘
 * ```
 * `probe` looks for the match point, one append at a time. `replicate` streams and counts what is on the way.
 * `snapshot` sends nothing until the snapshot arrived. Every transition is a verb of this class.
 *
 * Source: Raft Fig. 2 and §5.3 for `matchIndex` and `nextIndex`, §7 for snapshots; Ongaro's thesis §10.2.2.
 */
export class Progress {
  readonly id: MemberId;
  readonly #window: InflightWindow;
  #state: ProgressState = "probe";
  #match: LogIndex;
  #next: LogIndex;
  #pendingSnapshot: LogIndex = 0;
  #sentCommit: LogIndex = 0;
  #paused = false;
  #loading = false;
  #active: boolean;
  #confirmedRound = 0;

  constructor(
    id: MemberId,
    match: LogIndex,
    next: LogIndex,
    active: boolean,
    limits: WindowLimits,
  ) {
    this.id = id;
    this.#match = match;
    this.#next = next;
    this.#active = active;
    this.#window = new InflightWindow(limits);
  }

  get state(): ProgressState {
    return this.#state;
  }
  /** Highest index known to be durable there. Never decreases. */
  get match(): LogIndex {
    return this.#match;
  }
  /** First index of the next append; always after `match`. */
  get next(): LogIndex {
    return this.#next;
  }
  /** Highest commit index that it was told. */
  get sentCommit(): LogIndex {
    return this.#sentCommit;
  }
  get pendingSnapshot(): LogIndex {
    return this.#pendingSnapshot;
  }
  /** Heard from since the last check of the quorum. */
  get active(): boolean {
    return this.#active;
  }
  /** Newest heartbeat round it answered. */
  get confirmedRound(): number {
    return this.#confirmedRound;
  }
  get windowFull(): boolean {
    return this.#window.isFull;
  }
  get inflightMessages(): number {
    return this.#window.count;
  }
  get inflightBytes(): number {
    return this.#window.bytes;
  }
  /** The log's owner is reading its entries: nothing can be sent before that. */
  get loading(): boolean {
    return this.#loading;
  }
  /** Nothing may be sent now: an answer is awaited. */
  get isPaused(): boolean {
    return this.#paused || this.#state === "snapshot";
  }

  /** Would it learn a newer commit index from an empty append that it can already use? */
  lacksCommit(commit: LogIndex): boolean {
    return commit > this.#sentCommit && this.#sentCommit < this.#next - 1;
  }

  becomeProbe(): void {
    const next =
      this.#state === "snapshot"
        ? Math.max(this.#match, this.#pendingSnapshot) + 1
        : this.#match + 1;
    this.#enter("probe", next);
    this.#sentCommit = Math.min(this.#sentCommit, next - 1);
  }

  becomeReplicate(): void {
    this.#enter("replicate", this.#match + 1);
  }

  /** A snapshot that ends at `index` is on its way. */
  becomeSnapshot(index: LogIndex): void {
    this.#enter("snapshot", index + 1);
    this.#pendingSnapshot = index;
    this.#sentCommit = index;
  }

  /** An append of `count` entries from `next` on was sent. */
  sentAppend(count: number, bytes: number, commit: LogIndex): void {
    if (this.isPaused) violated(INVARIANTS.window, `append to ${this.id}, which is paused`);
    if (this.#state === "replicate") {
      if (count > 0) {
        this.#next += count;
        this.#window.add(this.#next - 1, bytes);
      }
      // A full window still lets one empty append pass per heartbeat answer, so that a lost one is noticed.
      this.#paused = this.#window.isFull;
    } else if (count > 0) {
      this.#paused = true;
    }
    this.#sentCommit = commit;
  }

  /** A heartbeat told it `commit`. */
  sentHeartbeat(commit: LogIndex): void {
    this.#sentCommit = commit;
  }

  /** It holds everything up to `index`. Returns false for an old answer. */
  acknowledged(index: LogIndex): boolean {
    if (index <= this.#match) return false;
    this.#match = index;
    this.#next = Math.max(this.#next, index + 1);
    this.#paused = false;
    return true;
  }

  /** Answered appends leave the window. */
  freeWindow(index: LogIndex): void {
    this.#window.freeTo(index);
  }

  /**
   * It refused an append after `probed`; `hint` is the newest index that may match. Returns false for a refusal that
   * was answered already: moving back for it would send everything again.
   */
  refused(probed: LogIndex, hint: LogIndex): boolean {
    if (this.#state === "replicate") {
      if (probed <= this.#match) return false;
      this.#next = this.#match + 1;
      this.#sentCommit = Math.min(this.#sentCommit, this.#next - 1);
      return true;
    }
    if (this.#next - 1 !== probed) return false;
    this.#next = Math.max(Math.min(probed, hint + 1), this.#match + 1);
    this.#sentCommit = Math.min(this.#sentCommit, this.#next - 1);
    this.#paused = false;
    this.#loading = false;
    return true;
  }

  /** Any answer shows that it lives. */
  heard(): void {
    this.#active = true;
  }
  /** A heartbeat was answered: what was sent before is answered or lost, so one more append may go. */
  heartbeatAnswered(round: number): void {
    this.#active = true;
    this.#paused = false;
    if (round > this.#confirmedRound) this.#confirmedRound = round;
  }
  /** The quorum was checked; from now on it counts as silent until it is heard from. */
  markSilent(): void {
    this.#active = false;
  }
  /** The snapshot did not arrive: begin again after `match`. */
  snapshotFailed(): void {
    this.#pendingSnapshot = 0;
    this.becomeProbe();
  }
  /** An answer to what was sent before is on its way: wait for it. */
  awaitAnswer(): void {
    this.#paused = true;
  }
  waitForLoading(): void {
    this.#loading = true;
  }
  loaded(): void {
    this.#loading = false;
  }

  status(learner: boolean): ProgressStatus {
    return {
      state: this.#state,
      match: this.#match,
      next: this.#next,
      learner,
      active: this.#active,
      paused: this.isPaused,
      pendingSnapshot: this.#pendingSnapshot,
      inflightMessages: this.#window.count,
      inflightBytes: this.#window.bytes,
      windowFull: this.#window.isFull,
    };
  }

  #enter(state: ProgressState, next: LogIndex): void {
    this.#state = state;
    this.#next = next;
    this.#pendingSnapshot = 0;
    this.#paused = false;
    this.#loading = false;
    this.#window.clear();
  }
}
