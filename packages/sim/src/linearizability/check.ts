import type { Operation } from "../history/operation.ts";
import type { Model } from "./model.ts";
import { type Partition, partitionsOf } from "./partition.ts";
import { type Deepest, PartitionSearch } from "./search.ts";

/** Enough for every easy history; the first slice of each partition gets this much per operation. */
const FIRST_STEPS_PER_OPERATION = 4;
const FIRST_STEPS = 1_000;

/** About ten seconds on one core. */
const STEPS_MAX_DEFAULT = 50_000_000;

export interface LinearizabilityOptions {
  /** After so many steps in all, the answer is `undecided`. Default 50 million. */
  readonly stepsMax?: number | undefined;
}

/** An order that fails: what the picture shows. */
export interface Counterexample<I, O> {
  readonly keys: readonly string[];
  /** The operations of the keys, in the order of their calls. */
  readonly operations: readonly Operation<I, O>[];
  /** The longest order that fits, and the operation that did not fit any more. */
  readonly deepest: Deepest;
}

/** What the checker says about a history; `violated` comes with a counterexample. */
export type LinearizabilityVerdict<I, O> =
  | { readonly verdict: "linearizable"; readonly operations: number; readonly steps: number }
  | {
      readonly verdict: "violated";
      readonly operations: number;
      readonly steps: number;
      readonly counterexample: Counterexample<I, O>;
    }
  /** The bound was reached; nothing illegal was found so far. */
  | {
      readonly verdict: "undecided";
      readonly operations: number;
      readonly steps: number;
      readonly undecidedKeys: readonly string[];
    };

/**
 * Is there an order of the operations, each taking effect between its call and its return, that the model allows?
 * Partitions take turns with growing budgets. A violation is confirmed by a search without fingerprints before it is
 * reported, as far as the bound allows; the bound is never exceeded by more than a slice.
 * Source: Wing and Gong 1993, Lowe 2017, Horn and Kroening 2015.
 */
export function checkLinearizability<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  options: LinearizabilityOptions = {},
): LinearizabilityVerdict<I, O> {
  const stepsMax = options.stepsMax ?? STEPS_MAX_DEFAULT;
  const operations = history.length;
  let open = partitionsOf(model, history).map((partition) => ({
    partition,
    search: new PartitionSearch(model, partition.operations),
  }));
  let steps = 0;
  for (let round = 1; open.length > 0; round *= 4) {
    const rest: typeof open = [];
    for (const entry of open) {
      const { partition, search } = entry;
      const before = search.steps;
      const slice = (FIRST_STEPS + partition.operations.length * FIRST_STEPS_PER_OPERATION) * round;
      const state = search.run(Math.min(slice, stepsMax - steps));
      steps += search.steps - before;
      if (state === "illegal") {
        const counterexample = confirm(model, partition, stepsMax);
        if (counterexample !== undefined) {
          return { verdict: "violated", operations, steps, counterexample };
        }
        continue;
      }
      if (state === "running") rest.push(entry);
    }
    open = rest;
    if (open.length > 0 && steps >= stepsMax) {
      const undecidedKeys = open.flatMap((entry) => entry.partition.keys);
      return { verdict: "undecided", operations, steps, undecidedKeys };
    }
  }
  return { verdict: "linearizable", operations, steps };
}

/** Searches again without fingerprints, and remembers how far it came. Undefined: two places had one fingerprint. */
function confirm<S, I, O>(
  model: Model<S, I, O>,
  partition: Partition<I, O>,
  stepsMax: number,
): Counterexample<I, O> | undefined {
  const { keys } = partition;
  const operations = partition.operations
    .slice()
    .sort((left, right) => left.calledAt - right.calledAt);
  const search = new PartitionSearch(model, operations, "exact");
  const state = search.run(stepsMax, true);
  return state === "legal" ? undefined : { keys, operations, deepest: search.deepest };
}
