import { createCore, type Entry, type LogView, type SnapshotInfo } from "@quorate/core";

/** The smallest log: an array, and nothing compacted. */
class ArrayLog implements LogView {
  readonly firstIndex = 1;
  readonly stored: Entry[] = [];

  get lastIndex(): number {
    return this.stored.length;
  }
  term(index: number): number | "unavailable" {
    return index === 0 ? 0 : (this.stored[index - 1]?.term ?? "unavailable");
  }
  entries(low: number, high: number): readonly Entry[] {
    return this.stored.slice(low - 1, high - 1);
  }
  snapshot(): SnapshotInfo | "building" {
    return "building";
  }
}

/** A group of one, whose disk is an array and answers at once. Returns what its state machine was given. */
export function runAlone(commands: readonly string[]): string[] {
  const log = new ArrayLog();
  const core = createCore(
    { id: 1, random: () => 0.5 },
    {
      hardState: { term: 0, vote: 0, commit: 0 },
      membership: { voters: [1], outgoing: [], learners: [], learnersNext: [], autoLeave: false },
      applied: 0,
    },
    log,
  );
  const applied: string[] = [];
  const turn = (): void => {
    while (core.hasEffects()) {
      const { append, apply } = core.takeEffects();
      if (append !== undefined) {
        // Here `hardState` and `entries` go to the disk as one atomic batch.
        log.stored.push(...append.entries);
        core.appendDone(append.id);
      }
      if (apply !== undefined) {
        for (const { kind, payload } of apply.entries) {
          if (kind === "command") applied.push(new TextDecoder().decode(payload));
        }
        core.applyDone(apply.id);
      }
    }
  };
  core.campaign();
  turn();
  for (const command of commands) {
    core.propose([{ kind: "command", payload: new TextEncoder().encode(command) }]);
  }
  turn();
  return applied;
}
