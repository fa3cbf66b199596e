import type { Violation } from "./violation.ts";

/** What a client believes about one of its commands. */
export interface CommandOutcome {
  /** Unique in the run, and part of the command's effect. */
  readonly id: string;
  readonly session: number;
  /** Grows by one per command of a session. */
  readonly sequence: number;
  /** `notApplied`: the client was told that nothing happened and nothing will. */
  readonly outcome: "applied" | "unknown" | "notApplied";
}

export const EXACTLY_ONCE_CHECKER = "exactly once";

/**
 * Every acknowledged command had one effect, every refused one none, every unknown one at most one; and the commands
 * of a session took effect in their order.
 *
 * @param effects - The ids of all effects in the order in which they happened.
 */
export function checkExactlyOnce(
  commands: readonly CommandOutcome[],
  effects: readonly string[],
): readonly Violation[] {
  const violations: Violation[] = [];
  const report = (message: string): void => {
    violations.push({ checker: EXACTLY_ONCE_CHECKER, message });
  };
  const counts = new Map<string, number>();
  for (const id of effects) counts.set(id, (counts.get(id) ?? 0) + 1);
  const byId = new Map<string, CommandOutcome>();
  for (const command of commands) {
    byId.set(command.id, command);
    const count = counts.get(command.id) ?? 0;
    if (count > 1) report(`command ${command.id} took effect ${count} times`);
    if (count === 0 && command.outcome === "applied") {
      report(`command ${command.id} was acknowledged and its effect is missing`);
    }
    if (count > 0 && command.outcome === "notApplied") {
      report(`command ${command.id} was refused as not applied and took effect`);
    }
  }
  const newest = new Map<number, CommandOutcome>();
  for (const id of effects) {
    const command = byId.get(id);
    if (command === undefined) {
      report(`effect ${id} belongs to no command`);
      continue;
    }
    const before = newest.get(command.session);
    if (before !== undefined && before.sequence > command.sequence) {
      report(
        `session ${command.session}: command ${command.sequence} took effect after ${before.sequence}`,
      );
    }
    newest.set(command.session, command);
  }
  return violations;
}
