import type { ConfirmedRead } from "./effects.ts";
import type { PeerMessage } from "./message.ts";

const NO_MESSAGES: readonly PeerMessage[] = Object.freeze([]);
const NO_READS: readonly ConfirmedRead[] = Object.freeze([]);

/** What leaves with the next batch of effects. Each array is handed over whole and never touched again. */
export class Outbox {
  #send: PeerMessage[] = [];
  #afterDurable: PeerMessage[] = [];
  #reads: ConfirmedRead[] = [];

  get isEmpty(): boolean {
    return this.#send.length + this.#afterDurable.length + this.#reads.length === 0;
  }

  send(message: PeerMessage): void {
    this.#send.push(message);
  }
  /** A promise about this member's own state: it may be made only when that state is durable. */
  sendAfterDurable(message: PeerMessage): void {
    this.#afterDurable.push(message);
  }
  confirm(read: ConfirmedRead): void {
    this.#reads.push(read);
  }

  takeSend(): readonly PeerMessage[] {
    if (this.#send.length === 0) return NO_MESSAGES;
    const taken = this.#send;
    this.#send = [];
    return taken;
  }
  takeAfterDurable(): readonly PeerMessage[] {
    if (this.#afterDurable.length === 0) return NO_MESSAGES;
    const taken = this.#afterDurable;
    this.#afterDurable = [];
    return taken;
  }
  takeReads(): readonly ConfirmedRead[] {
    if (this.#reads.length === 0) return NO_READS;
    const taken = this.#reads;
    this.#reads = [];
    return taken;
  }
}
