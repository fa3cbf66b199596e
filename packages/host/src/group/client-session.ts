import type { RequestOptions, Session, SessionRequest } from "./request.ts";

/** The client's half of a session: numbers commands and keeps track of the answers that have come. */
export class ClientSession implements Session {
  readonly id: number;
  readonly #close: (options: RequestOptions | undefined) => Promise<void>;
  #next = 1;
  #acknowledgedBelow = 1;
  /** Answered sequences above the first unanswered one. */
  readonly #answered: Set<number> = new Set();

  constructor(id: number, close: (options: RequestOptions | undefined) => Promise<void>) {
    this.id = id;
    this.#close = close;
  }

  next(): SessionRequest {
    const sequence = this.#next++;
    return { sessionId: this.id, sequence, acknowledgedBelow: this.#acknowledgedBelow };
  }

  acknowledge(sequence: number): void {
    if (sequence < this.#acknowledgedBelow || sequence >= this.#next) return;
    this.#answered.add(sequence);
    while (this.#answered.delete(this.#acknowledgedBelow)) this.#acknowledgedBelow += 1;
  }

  close(options?: RequestOptions): Promise<void> {
    return this.#close(options);
  }
}
