import type { Decision } from "@quorate/core";

/** The newest remembered decision of a kind. */
export function lastDecision(
  decisions: readonly Decision[] | undefined,
  matches: (decision: Decision) => boolean,
): Decision | undefined {
  return decisions?.findLast(matches);
}

/** The place of the newest decision of a kind before `end`, -1 for none. */
export function lastIndexBefore(
  decisions: readonly Decision[],
  end: number,
  matches: (decision: Decision) => boolean,
): number {
  for (let i = end - 1; i >= 0; i--) {
    const decision = decisions[i];
    if (decision !== undefined && matches(decision)) return i;
  }
  return -1;
}
