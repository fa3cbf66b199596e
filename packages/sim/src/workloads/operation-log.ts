import type { KeyChange } from "../checkers/key-history.ts";
import type { Observation, RevisionedOperation } from "../checkers/revision-checker.ts";

/** What became of an operation. */
export interface Outcome {
  readonly revision: number;
  /** What it changed; empty when it changed nothing. */
  readonly changes: readonly KeyChange[];
  readonly observed: readonly Observation[];
}

interface Entry {
  readonly client: number;
  readonly id: string;
  readonly calledAt: number;
  readonly mayBeStale: boolean;
  returnedAt: number;
  revision: number | undefined;
  refused: boolean;
  changes: readonly KeyChange[];
  observed: readonly Observation[];
}

/** One operation that is under way. */
export interface OpenEntry {
  answered(outcome: Outcome): void;
  /** Nothing happened and nothing will. */
  refused(): void;
}

/** All operations of all clients, in one order of calls and returns. */
export class OperationLog {
  readonly #entries: Entry[] = [];
  #time = 0;
  /** Answered, whatever the answer. */
  answered = 0;
  refusedCount = 0;

  get operations(): readonly RevisionedOperation[] {
    return this.#entries;
  }

  /**
   * Somebody asks.
   * @param changes - What it changes if it takes effect and no answer ever comes.
   */
  call(
    client: number,
    id: string,
    changes: readonly KeyChange[],
    mayBeStale: boolean = false,
  ): OpenEntry {
    this.#time += 1;
    const entry: Entry = {
      client,
      id,
      calledAt: this.#time,
      mayBeStale,
      returnedAt: Number.POSITIVE_INFINITY,
      revision: undefined,
      refused: false,
      changes,
      observed: [],
    };
    this.#entries.push(entry);
    return {
      answered: (outcome) => {
        this.#time += 1;
        this.answered += 1;
        entry.returnedAt = this.#time;
        entry.revision = outcome.revision;
        entry.changes = outcome.changes;
        entry.observed = outcome.observed;
      },
      refused: () => {
        this.refusedCount += 1;
        entry.refused = true;
      },
    };
  }
}
