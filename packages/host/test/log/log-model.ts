import type { Entry, HardState, LogPosition, SnapshotInfo } from "@quorate/core";
import type { LogBatch } from "../../src/log/log-store.ts";
import type { OpenedLog } from "../../src/log/open-log.ts";
import type { SegmentedLog } from "../../src/log/segmented-log.ts";
import { contents, shortly } from "./log-fixture.ts";

/** What a log holds, in the simplest form there is. */
export interface ModelState {
  readonly hardState: HardState;
  readonly base: LogPosition;
  readonly entries: readonly Entry[];
  /** Newest first. */
  readonly snapshots: readonly SnapshotInfo[];
}

export const EMPTY: ModelState = {
  hardState: { term: 0, vote: 0, commit: 0 },
  base: { index: 0, term: 0 },
  entries: [],
  snapshots: [],
};

export function lastIndex(state: ModelState): number {
  return state.base.index + state.entries.length;
}

export function termAt(state: ModelState, index: number): number {
  if (index === state.base.index) return state.base.term;
  return state.entries[index - state.base.index - 1]?.term ?? -1;
}

/** The state after one more batch. */
export function after(state: ModelState, batch: LogBatch): ModelState {
  let { hardState, base, entries, snapshots } = state;
  if (batch.snapshot !== undefined) {
    const { info, replacesLog } = batch.snapshot;
    snapshots = replacesLog ? [info] : [info, ...snapshots].slice(0, 2);
    if (replacesLog) {
      base = { index: info.index, term: info.term };
      entries = [];
    }
  }
  const first = batch.entries[0];
  if (first !== undefined) {
    entries = [...entries.slice(0, first.index - base.index - 1), ...batch.entries];
  }
  hardState = batch.hardState ?? hardState;
  return { hardState, base, entries, snapshots };
}

/** Everything that can be asked of a log, as text; entries before `from` are left out. */
export function describeModel(state: ModelState, from: number): string {
  const held = state.entries.filter((entry) => entry.index >= from).map(shortly);
  return describe(state.hardState, lastIndex(state), state.snapshots, held);
}

export async function describeLog(opened: OpenedLog): Promise<string> {
  const { recovered, store } = opened;
  return describe(
    recovered.hardState,
    recovered.last.index,
    recovered.snapshots,
    await contents(store),
  );
}

function describe(
  hardState: HardState,
  last: number,
  snapshots: readonly SnapshotInfo[],
  held: readonly string[],
): string {
  const { term, vote, commit } = hardState;
  const ids = snapshots.map((info) => info.id).join(" ");
  return `term ${term} vote ${vote} commit ${commit} last ${last} snapshots [${ids}]\n${held.join("\n")}`;
}

/** A log together with everything that was ever asked of it, so that any later state of the disk can be judged. */
export class TrackedLog {
  readonly store: SegmentedLog;
  /** The state after each batch that was handed in; the first is before any. */
  readonly states: ModelState[];
  /** Batches that must not be lost any more. */
  durable = 0;
  /** The log may begin anywhere up to here. */
  compactedTo = 0;

  constructor(store: SegmentedLog, state: ModelState) {
    this.store = store;
    this.states = [state];
  }

  get state(): ModelState {
    return this.states[this.states.length - 1] ?? EMPTY;
  }

  /** Hands a batch in; the promise settles with it. */
  append(batch: LogBatch): Promise<void> {
    this.states.push(after(this.state, batch));
    const place = this.states.length - 1;
    return this.store.append(batch).then(() => {
      if (batch.sync) this.durable = Math.max(this.durable, place);
    });
  }

  async compact(index: number): Promise<void> {
    this.compactedTo = Math.max(this.compactedTo, index);
    await this.store.compact(index);
  }

  /**
   * The state that a recovered log is in: everything acknowledged, and of the rest a prefix in whole batches. Throws
   * when it is in none.
   */
  async judge(opened: OpenedLog): Promise<ModelState> {
    const first = opened.recovered.firstIndex;
    const found = await describeLog(opened);
    for (let place = this.states.length - 1; place >= this.durable; place -= 1) {
      const state = this.states[place] ?? EMPTY;
      const begins = first <= Math.max(this.compactedTo, state.base.index) + 1;
      if (begins && first >= state.base.index + 1 && describeModel(state, first) === found) {
        return {
          ...state,
          base: baseAt(state, first - 1),
          entries: state.entries.filter((entry) => entry.index >= first),
        };
      }
    }
    const least = describeModel(this.states[this.durable] ?? EMPTY, first);
    throw new Error(
      `the log begins at ${first} with\n${found}\nbut at least this was acknowledged:\n${least}`,
    );
  }
}

function baseAt(state: ModelState, index: number): LogPosition {
  return { index, term: termAt(state, index) };
}
