import type { Entry } from "@quorate/core";
import type { SeededRandom } from "../../src/environment/seeded-random.ts";
import type { LogBatch } from "../../src/log/log-store.ts";
import { batchOf, entry, snapshotInfo } from "./log-fixture.ts";
import { lastIndex, type ModelState, type TrackedLog, termAt } from "./log-model.ts";

/** One thing a random user of a log may do. */
export type Step =
  | { readonly type: "append"; readonly batch: LogBatch }
  | { readonly type: "compact"; readonly index: number };

/** What may come next after `state`: never against the rules of Raft, otherwise anything. */
export function randomStep(random: SeededRandom, state: ModelState, payloadBytesMax: number): Step {
  const roll = random.next();
  const { commit } = state.hardState;
  const last = lastIndex(state);
  if (roll < 0.06 && commit > state.base.index) {
    return { type: "compact", index: between(random, state.base.index, commit) };
  }
  if (roll < 0.12 && commit > (state.snapshots[0]?.index ?? 0)) {
    const index = between(random, (state.snapshots[0]?.index ?? 0) + 1, commit);
    if (index > state.base.index) return marker(index, termAt(state, index), false);
  }
  if (roll < 0.14) {
    const index = last + 1 + random.integer(20);
    const term = state.hardState.term;
    const { vote } = state.hardState;
    const hardState = { term, vote, commit: index };
    return { type: "append", batch: { ...marker(index, term, true).batch, hardState } };
  }
  if (roll < 0.2) {
    const hardState = { ...state.hardState, commit: between(random, commit, last) };
    return { type: "append", batch: batchOf([], { hardState, sync: false }) };
  }
  return { type: "append", batch: entriesBatch(random, state, payloadBytesMax) };
}

/** New entries in the current or a newer term; a newer term may cut off what is not committed. */
function entriesBatch(random: SeededRandom, state: ModelState, payloadBytesMax: number): LogBatch {
  const last = lastIndex(state);
  const { commit } = state.hardState;
  const isNewTerm = random.chance(0.15);
  const term = Math.max(1, state.hardState.term + (isNewTerm ? 1 + random.integer(3) : 0));
  const first = isNewTerm ? between(random, commit, last) + 1 : last + 1;
  const count = random.integer(5);
  const made: Entry[] = [];
  for (let index = first; index < first + count; index += 1) {
    const kind = random.chance(0.1) ? "noop" : "command";
    made.push(entry(index, term, random.integer(payloadBytesMax + 1), kind));
  }
  const end = count === 0 ? last : first + count - 1;
  const vote = isNewTerm ? random.integer(4) : state.hardState.vote;
  const hardState = { term, vote, commit: between(random, commit, Math.min(end, last)) };
  const isNeeded = isNewTerm || hardState.commit !== commit || state.hardState.term !== term;
  return batchOf(made, { hardState: isNeeded ? hardState : undefined });
}

export function run(tracked: TrackedLog, step: Step): Promise<void> {
  return step.type === "compact" ? tracked.compact(step.index) : tracked.append(step.batch);
}

function marker(
  index: number,
  term: number,
  replacesLog: boolean,
): Extract<Step, { type: "append" }> {
  const snapshot = { info: snapshotInfo(index, term), replacesLog };
  return { type: "append", batch: batchOf([], { snapshot }) };
}

/** Uniform in [low, high]. */
function between(random: SeededRandom, low: number, high: number): number {
  return low + random.integer(Math.max(0, high - low) + 1);
}
