import type { Violation } from "./violation.ts";

export const REPLICA_CHECKER = "equal replicas";

/**
 * Replicas that applied the same entries are in the same state. Give it every state you see: the first one at an index
 * is the reference for all others, on whatever member and in whatever life.
 */
export class ReplicaStates {
  readonly violations: Violation[] = [];
  readonly #states: Map<number, { readonly state: string; readonly where: string }> = new Map();

  /** @param state - A fingerprint of the whole state after applying everything up to `index`. */
  see(where: string, index: number, state: string): void {
    const known = this.#states.get(index);
    if (known === undefined) {
      this.#states.set(index, { state, where });
      return;
    }
    if (known.state !== state) {
      const message = `${where} and ${known.where} differ after applying ${index}: ${state} and ${known.state}`;
      this.violations.push({ checker: REPLICA_CHECKER, message });
    }
  }
}
