// What clients were told: every operation with its times, as the checkers take it.

/**
 * The operations of all clients, on one clock. `entries` are operations for the checker by revision; `registers` the
 * single-key ones once more for the linearizability search.
 */
export class HistoryLog {
  entries = [];
  registers = [];
  outcomes = { ok: 0, refused: 0, unknown: 0 };
  /** Per second of the run: what became of operations, and how long the answered ones took. */
  seconds = [];
  #nowMs;
  #startMs;

  constructor(nowMs = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  /** The clock of the run begins. */
  begin() {
    this.#startMs = this.#nowMs();
  }

  /** Milliseconds since the run began. */
  get elapsedMs() {
    return this.#nowMs() - this.#startMs;
  }

  /**
   * A client asks. `changes`: what it changes if it takes effect. `register`: the same as an operation on one register.
   * The result is closed with exactly one of `answered`, `refused` and `unknown`; one that is never closed is unknown.
   */
  call({ client, id, kind, changes, mayBeStale = false, register }) {
    const calledAt = this.elapsedMs;
    const entry = {
      client,
      id,
      kind,
      calledAt,
      returnedAt: Number.POSITIVE_INFINITY,
      revision: undefined,
      refused: false,
      changes,
      observed: [],
      mayBeStale,
    };
    this.entries.push(entry);
    const single =
      register === undefined
        ? undefined
        : {
            client,
            input: register,
            output: undefined,
            calledAt,
            returnedAt: Number.POSITIVE_INFINITY,
          };
    if (single !== undefined) this.registers.push(single);
    return {
      answered: ({ revision, changes: made, observed, output }) => {
        entry.returnedAt = this.elapsedMs;
        entry.revision = revision;
        entry.changes = made;
        entry.observed = observed;
        if (single !== undefined) {
          single.output = output;
          single.returnedAt = entry.returnedAt;
        }
        this.#tally("ok", entry.returnedAt - calledAt);
      },
      /** Nothing happened and nothing will. */
      refused: () => {
        entry.refused = true;
        if (single !== undefined) single.hadNoEffect = true;
        this.#tally("refused");
      },
      unknown: () => this.#tally("unknown"),
    };
  }

  /** Those that may have had an effect: a refused operation is none, which the checker by revision makes sure of. */
  get registerOperations() {
    return this.registers.filter((operation) => operation.hadNoEffect !== true);
  }

  #tally(outcome, tookMs) {
    this.outcomes[outcome] += 1;
    const second = Math.floor(this.elapsedMs / 1_000);
    while (this.seconds.length <= second) {
      this.seconds.push({ ok: 0, refused: 0, unknown: 0, latenciesMs: [] });
    }
    const tally = this.seconds[second];
    tally[outcome] += 1;
    if (tookMs !== undefined) tally.latenciesMs.push(tookMs);
  }

  /** Closes an operation by what the client library rejected with. */
  static close(open, error) {
    if (error.outcome === "notApplied") open.refused();
    else open.unknown();
  }
}

/** One line per operation, for whoever looks into a violation. */
export function asLines(entries) {
  return entries.map((entry) =>
    JSON.stringify({
      ...entry,
      returnedAt: Number.isFinite(entry.returnedAt) ? entry.returnedAt : null,
    }),
  );
}
