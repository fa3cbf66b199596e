import type { CallContext } from "../rpc/call.ts";
import { RpcError, STATUS } from "../rpc/status.ts";

/** How much of one member's memory answers of the gateway may take, and who waits how long for it. */
export interface AnswerLimits {
  /** Bytes of answers that are not sent to their end. While there are as many, nobody asks the store for another. */
  readonly bytesMax: number;
  /** Calls that ask the store at the same time: what they will be answered is not known before. */
  readonly askingMax: number;
  /** Calls that wait for their turn. Each holds its request, of the largest size at worst. */
  readonly waitingMax: number;
  /** How long a call waits for its turn. */
  readonly waitMs: number;
}

const MIB = 1024 * 1024;

export const ANSWER_LIMITS: AnswerLimits = {
  // Two or three lists of the size at which clients do better to ask for pages.
  bytesMax: 64 * MIB,
  // A read takes a few milliseconds: sixteen at once are thousands in a second. With a bound of lists of 24 MiB each,
  // what comes on top of `bytesMax` stays below 400 MiB.
  askingMax: 16,
  waitingMax: 256,
  // Clients give up after about as long.
  waitMs: 5000,
};

/** Runs something later, unless it is cancelled. */
export type SetTimer = (ms: number, run: () => void) => { cancel(): void };

interface Waiting {
  begin(): void;
}

/**
 * Room for answers whose length depends on what is stored. A call has to be let in before it asks the store, says how
 * long its answer has become, and leaves when the answer is sent. Calls are let in in the order they came.
 */
export class AnswerRoom {
  readonly #limits: AnswerLimits;
  readonly #setTimer: SetTimer;
  readonly #waiting: Set<Waiting> = new Set();
  #asking = 0;
  #bytes = 0;

  constructor(limits: AnswerLimits, setTimer: SetTimer) {
    this.#limits = limits;
    this.#setTimer = setTimer;
  }

  /** Bytes of answers that are under way. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Calls that wait to be let in. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Rejects with `RpcError` when there is no room in time, or the call is cancelled before. */
  enter(call: Pick<CallContext, "onCancel">): Promise<AnswerPlace> {
    if (this.#waiting.size === 0 && this.#hasRoom) return Promise.resolve(this.#place());
    if (this.#waiting.size >= this.#limits.waitingMax) return Promise.reject(this.#full());
    return new Promise((resolve, reject) => {
      const leave = (error: RpcError): void => {
        if (!this.#waiting.delete(waiting)) return;
        timer.cancel();
        reject(error);
      };
      const timer = this.#setTimer(this.#limits.waitMs, () => leave(this.#full()));
      const waiting = {
        begin: (): void => {
          timer.cancel();
          resolve(this.#place());
        },
      };
      this.#waiting.add(waiting);
      call.onCancel(() => leave(new RpcError(STATUS.CANCELLED, "context canceled")));
    });
  }

  get #hasRoom(): boolean {
    return this.#asking < this.#limits.askingMax && this.#bytes < this.#limits.bytesMax;
  }

  #place(): AnswerPlace {
    this.#asking += 1;
    return new AnswerPlace((asking, bytes) => {
      this.#asking += asking;
      this.#bytes += bytes;
      this.#letIn();
    });
  }

  #letIn(): void {
    for (const waiting of this.#waiting) {
      if (!this.#hasRoom) return;
      this.#waiting.delete(waiting);
      waiting.begin();
    }
  }

  #full(): RpcError {
    return new RpcError(
      STATUS.RESOURCE_EXHAUSTED,
      `the gateway has ${this.#bytes} bytes of answers under way: ask for less at a time (limit), or later`,
    );
  }
}

/** What one call takes of the room. */
export class AnswerPlace {
  readonly #change: (asking: number, bytes: number) => void;
  #bytes: number | undefined;
  #hasLeft = false;

  constructor(change: (asking: number, bytes: number) => void) {
    this.#change = change;
  }

  /** The answer is there, and has so many bytes. */
  answered(bytes: number): void {
    if (this.#hasLeft || this.#bytes !== undefined) return;
    this.#bytes = bytes;
    this.#change(-1, bytes);
  }

  /** The answer is sent, or nobody wants it any more. Once more is the same. */
  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    if (this.#bytes === undefined) this.#change(-1, 0);
    else this.#change(0, -this.#bytes);
  }
}
