/** Counts ticks towards an election or a heartbeat. Time itself is outside. */
export class ElectionTimer {
  readonly #electionTicks: number;
  readonly #heartbeatTicks: number;
  readonly #spreadTicks: number;
  readonly #random: () => number;
  #election = 0;
  #heartbeat = 0;
  #timeoutTicks: number;
  #recovering: boolean;

  /**
   * The time-out is drawn from [electionTicks, electionTicks + spread): ties between candidates are broken by
   * chance. A larger priority narrows the spread and never shortens the time in which a live leader is believed.
   */
  constructor(
    electionTicks: number,
    heartbeatTicks: number,
    priority: number,
    random: () => number,
    recovering: boolean,
  ) {
    this.#electionTicks = electionTicks;
    this.#heartbeatTicks = heartbeatTicks;
    this.#spreadTicks = priority > 1 ? Math.ceil(electionTicks / priority) : electionTicks;
    this.#random = random;
    this.#recovering = recovering;
    this.#timeoutTicks = this.#draw();
  }

  /** Ticks since a leader was heard, a vote was given, or the last round ended. */
  get electionElapsed(): number {
    return this.#election;
  }
  get timeoutTicks(): number {
    return this.#timeoutTicks;
  }
  /** What is left of the time in which requests for votes are ignored; at most 0 when it has passed. */
  get stickyTicksLeft(): number {
    return this.#electionTicks - this.#election;
  }

  /**
   * Restarted less than an election time-out ago: it may have promised a leader before, by answering a heartbeat, that
   * it would ignore requests for votes.
   */
  get recovering(): boolean {
    return this.#recovering;
  }

  /** Starts both counts again with a new time-out. */
  reset(): void {
    this.#election = 0;
    this.#heartbeat = 0;
    this.#timeoutTicks = this.#draw();
  }
  restartElection(): void {
    this.#election = 0;
  }
  /** Holds until the next reset. */
  setTimeoutTicks(ticks: number): void {
    this.#timeoutTicks = ticks;
  }

  /** For everyone but a leader: returns true when the time-out has passed. */
  tickFollower(): boolean {
    this.#election++;
    if (this.#election >= this.#electionTicks) this.#recovering = false;
    return this.#election >= this.#timeoutTicks;
  }
  /** For a leader: returns true at the end of each election time-out, when the quorum is checked. */
  tickLeader(): boolean {
    this.#heartbeat++;
    this.#election++;
    if (this.#election < this.#electionTicks) return false;
    this.#election = 0;
    return true;
  }
  /** For a leader: returns true when heartbeats are due, and starts counting to the next ones. */
  heartbeatDue(): boolean {
    if (this.#heartbeat < this.#heartbeatTicks) return false;
    this.#heartbeat = 0;
    return true;
  }

  #draw(): number {
    return this.#electionTicks + Math.floor(this.#random() * this.#spreadTicks);
  }
}
