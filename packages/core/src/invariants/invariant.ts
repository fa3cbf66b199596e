import type { InvariantName } from "./names.ts";

/** A rule of the algorithm does not hold: a defect here or in the log's owner. It stops the core, never the process. */
export class InvariantViolation extends Error {
  override readonly name: string = "InvariantViolation";
  /** Number and name in `docs/spec/invariants.md`. */
  readonly invariant: InvariantName;
  readonly detail: string;

  constructor(invariant: InvariantName, detail: string) {
    super(`${invariant}: ${detail}`);
    this.invariant = invariant;
    this.detail = detail;
  }
}

/**
 * For checks on every path: `if (!holds) violated(…)` allocates nothing while it holds, where a function for the detail
 * would be made each time.
 */
export function violated(name: InvariantName, detail: string): never {
  throw new InvariantViolation(name, detail);
}

/** The detail is a function because building texts would cost more than the check. */
export function invariant(
  holds: boolean,
  name: InvariantName,
  detail: () => string,
): asserts holds {
  if (!holds) throw new InvariantViolation(name, detail());
}
