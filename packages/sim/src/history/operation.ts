/**
 * One operation of one client as a history remembers it. Times are places in one order of calls and returns: any
 * numbers that grow, the same clock for all clients.
 */
export interface Operation<I, O> {
  /** Who asked. A client has at most one operation under way, except after an unknown outcome. */
  readonly client: number;
  readonly input: I;
  /** Undefined when the outcome is unknown: it may have taken effect at any time after the call, or never. */
  readonly output: O | undefined;
  readonly calledAt: number;
  /** Infinity when the outcome is unknown. */
  readonly returnedAt: number;
}

/** Gathers operations while a run goes on. */
export class History<I, O> {
  readonly #operations: Recorded<I, O>[] = [];
  #time = 0;

  get operations(): readonly Operation<I, O>[] {
    return this.#operations;
  }

  /** Calls and returns so far. */
  get time(): number {
    return this.#time;
  }

  /** A client asks. The token closes the operation; one that is never closed has an unknown outcome. */
  call(client: number, input: I): OpenOperation<I, O> {
    this.#time += 1;
    const operation: Recorded<I, O> = {
      client,
      input,
      output: undefined,
      calledAt: this.#time,
      returnedAt: Number.POSITIVE_INFINITY,
    };
    this.#operations.push(operation);
    return {
      operation,
      returns: (output) => {
        this.#time += 1;
        operation.output = output;
        operation.returnedAt = this.#time;
      },
      didNothing: () => {
        const at = this.#operations.lastIndexOf(operation);
        if (at >= 0) this.#operations.splice(at, 1);
      },
    };
  }
}

export interface OpenOperation<I, O> {
  readonly operation: Operation<I, O>;
  returns(output: O): void;
  /** It is certain that the operation had no effect: the history forgets it. */
  didNothing(): void;
}

interface Recorded<I, O> {
  readonly client: number;
  readonly input: I;
  output: O | undefined;
  readonly calledAt: number;
  returnedAt: number;
}
