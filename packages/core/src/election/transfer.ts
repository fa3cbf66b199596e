import { type MemberId, NOBODY } from "../types.ts";

/** A leader's attempt to hand over leadership. Source: Ongaro's thesis §3.10. */
export class Transfer {
  #target: MemberId = NOBODY;
  #timeoutNowSent = false;

  /** Who should lead next, 0 while no transfer runs. */
  get target(): MemberId {
    return this.#target;
  }
  /**
   * Somebody was told to campaign in this term. The message may be delayed for as long as the network likes, so
   * that an election may begin at any moment until the term ends: no lease can be relied on any more.
   */
  get timeoutNowSent(): boolean {
    return this.#timeoutNowSent;
  }

  start(target: MemberId): void {
    this.#target = target;
  }
  markTimeoutNowSent(): void {
    this.#timeoutNowSent = true;
  }
  abort(): void {
    this.#target = NOBODY;
  }
  /** A new role or term begins. */
  reset(): void {
    this.#target = NOBODY;
    this.#timeoutNowSent = false;
  }
}
