import type { AppendWork, PeerMessage, Term } from "@quorate/core";
import type { StorageRefill } from "../refill/refill.ts";

export interface RefillOwner {
  /** Everything is back, and the mark is gone. */
  refilled(): void;
  failed(error: unknown): void;
}

/**
 * Keeps a member out of elections while entries are missing that it may have acknowledged: with its shorter log it
 * could help to elect a leader that lacks what was committed. It gives no vote, asks for none, and takes over from
 * nobody; it answers its leader truthfully, and what it acknowledges it has. Source: "Protocol-Aware Recovery for
 * Consensus-Based Storage" (Alagappan and others, FAST 2018); how it ends is ours, see `docs/formats/log.md`.
 */
export class RefillGuard {
  readonly #refill: StorageRefill | undefined;
  readonly #owner: RefillOwner;
  #isActive: boolean;

  constructor(refill: StorageRefill | undefined, owner: RefillOwner) {
    this.#refill = refill;
    this.#owner = owner;
    this.#isActive = refill !== undefined;
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  /** In terms up to this one the member may have acknowledged entries that it lacks. */
  get term(): Term {
    return this.#refill?.term ?? 0;
  }

  /** Whether the core must not see this message now. */
  holdsBack({ type }: PeerMessage): boolean {
    return this.#isActive && (type === "vote" || type === "preVote" || type === "timeoutNow");
  }

  /** The work is durable. An entry of a later term comes with everything that was committed in earlier ones. */
  durable(work: AppendWork): void {
    if (!this.#isActive || this.#refill === undefined) return;
    const term = work.installSnapshot?.term ?? work.entries.at(-1)?.term ?? 0;
    if (term <= this.#refill.term) return;
    this.#isActive = false;
    this.#refill.end().then(
      () => this.#owner.refilled(),
      (error: unknown) => this.#owner.failed(error),
    );
  }
}
