import type { LogPosition, Membership, ProgressStatus } from "@quorate/core";

/** At least one. */
export type Some<T> = readonly [T, ...T[]];

/**
 * The cases of a union as a list. It takes a record so that a case that is added to the union does not compile here
 * until it has a sample.
 */
export function casesOf<T extends string>(cases: Readonly<Record<T, true>>): readonly T[] {
  return Object.keys(cases) as T[];
}

/** One sample per case of a union. */
export function perCase<C extends string, T>(
  cases: Readonly<Record<C, true>>,
  build: (one: C) => T,
): Some<T> {
  const [first, ...rest] = casesOf(cases).map(build);
  if (first === undefined) throw new Error("a union without cases");
  return [first, ...rest];
}

export function at(term: number, index: number): LogPosition {
  return { term, index };
}

export const THREE_VOTERS: Membership = {
  voters: [1, 2, 3],
  outgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
};

export const WITH_LEARNERS: Membership = { ...THREE_VOTERS, learners: [4, 5] };

export const JOINT: Membership = {
  voters: [1, 2, 4],
  outgoing: [1, 2, 3],
  learners: [6],
  learnersNext: [3],
  autoLeave: true,
};

export function progress(changes: Partial<ProgressStatus> = {}): ProgressStatus {
  return {
    state: "replicate",
    match: 31,
    next: 36,
    learner: false,
    active: true,
    paused: false,
    pendingSnapshot: 0,
    inflightMessages: 2,
    inflightBytes: 480,
    windowFull: false,
    ...changes,
  };
}
