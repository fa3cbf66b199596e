/**
 * How long after the begin of an answered heartbeat round nobody else can have become leader, in ticks. Two ticks
 * are not ours to use: ours may have begun just before a round and end just after a read, while a follower's next
 * one may end right after it heard us. A tenth more is left for clocks that do not run at the same speed.
 */
export function leaseTicks(electionTicks: number): number {
  return electionTicks - 1 - Math.ceil(electionTicks / 10);
}

/**
 * A leader's right to answer reads without asking. Members that answered a heartbeat ignore requests for votes for an
 * election time-out; as long as a quorum did, counted from the begin of the round, there is no newer leader.
 * Source: Ongaro's thesis §6.4.1.
 */
export class Lease {
  readonly #ticks: number;
  /** Newest round before each of the last ticks, by tick modulo length. */
  readonly #roundAtTick: Float64Array;
  #now = 0;

  constructor(electionTicks: number) {
    this.#ticks = leaseTicks(electionTicks);
    this.#roundAtTick = new Float64Array(Math.max(this.#ticks, 1));
  }

  /** A leadership begins; its rounds start at 1. */
  reset(): void {
    this.#roundAtTick.fill(0);
  }

  /** A tick passes; `round` is the newest heartbeat round before it. */
  tick(round: number): void {
    this.#now++;
    this.#roundAtTick[this.#now % this.#roundAtTick.length] = round;
  }

  /** Does the confirmation of `confirmedRound` still count? */
  holds(confirmedRound: number): boolean {
    if (this.#ticks < 1) return false;
    const oldest = this.#now - this.#roundAtTick.length + 1;
    return (
      confirmedRound > (this.#roundAtTick[Math.max(oldest, 0) % this.#roundAtTick.length] as number)
    );
  }
}
