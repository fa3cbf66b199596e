import type { CallContext } from "./call.ts";
import { RpcError, STATUS } from "./status.ts";

/** Answers of at least this many bytes are encoded in a turn of the event loop of their own: each takes milliseconds. */
export const LONG_ANSWER_BYTES: number = 1024 * 1024;

/** How long answers of one method are recognized, and what gives each its turn. */
export interface LongAnswers<Response> {
  /** About how many bytes an answer will have; cheap, as every answer is asked. */
  readonly bytesOf: (answer: Response) => number;
  readonly turns: EncodeTurns;
}

/**
 * Encodes long answers one per turn of the event loop, in the order they came: several reads that one round has confirmed
 * are answered together, and heartbeats must not wait for all of them. Holds no more than there are calls open.
 */
export class EncodeTurns {
  readonly #nextTurn: (run: () => void) => void;
  readonly #waiting: (() => void)[] = [];

  constructor(nextTurn: (run: () => void) => void = setImmediate) {
    this.#nextTurn = nextTurn;
  }

  /** Rejects when the call was cancelled meanwhile, or with what `encode` throws. */
  encode(call: Pick<CallContext, "cancelled">, encode: () => Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => {
        if (call.cancelled) {
          reject(new RpcError(STATUS.CANCELLED, "context canceled"));
          return;
        }
        try {
          resolve(encode());
        } catch (error) {
          reject(error);
        }
      });
      if (this.#waiting.length === 1) this.#nextTurn(this.#step);
    });
  }

  readonly #step = (): void => {
    this.#waiting[0]?.();
    this.#waiting.shift();
    if (this.#waiting.length > 0) this.#nextTurn(this.#step);
  };
}
