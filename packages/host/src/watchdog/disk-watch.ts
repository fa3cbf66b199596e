export interface DiskWatchOwner {
  /** A write has been under way for so long that the disk must be taken for hung. Told again while it lasts. */
  onDiskStall(forMs: number, isNews: boolean): void;
  onDiskRecovered(afterMs: number): void;
}

/**
 * Watches how long writes to the log are under way. A hung disk does not fail: it keeps a leader in office that can
 * answer nothing itself, and hides behind heartbeats that need no disk.
 */
export class DiskWatch {
  readonly #stallMs: number;
  readonly #owner: DiskWatchOwner;
  #stalledSinceMs: number | undefined;
  #toldAtMs = 0;

  constructor(stallMs: number, owner: DiskWatchOwner) {
    this.#stallMs = stallMs;
    this.#owner = owner;
  }

  get isStalled(): boolean {
    return this.#stalledSinceMs !== undefined;
  }

  /** `waitingMs`: how long the oldest write has been under way, 0 for none. */
  check(waitingMs: number, nowMs: number): void {
    if (waitingMs < this.#stallMs) {
      this.#recovered(nowMs);
      return;
    }
    const isNews = this.#stalledSinceMs === undefined;
    if (!isNews && nowMs - this.#toldAtMs < this.#stallMs) return;
    this.#stalledSinceMs ??= nowMs - waitingMs;
    this.#toldAtMs = nowMs;
    this.#owner.onDiskStall(waitingMs, isNews);
  }

  #recovered(nowMs: number): void {
    if (this.#stalledSinceMs === undefined) return;
    const afterMs = nowMs - this.#stalledSinceMs;
    this.#stalledSinceMs = undefined;
    this.#owner.onDiskRecovered(afterMs);
  }
}
