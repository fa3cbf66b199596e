import type { NodeFault } from "../faults/fault-scene.ts";
import { NODE_FAULTS } from "../faults/node-faults.ts";
import { LEADER_STANDS_STILL } from "../faults/standstill-fault.ts";
import type { NodeRun } from "../hunt/draw-nodes.ts";
import type { NodePlan } from "../hunt/run-nodes.ts";

/** A run that was drawn from a seed, as data: what may be in it, and what was left out of it. */
export interface DrawnNodes {
  /** Faults by their names. */
  readonly run: DrawnRun;
  /** Numbers of events that do not happen, as ranges from and to. */
  readonly leftOut: Readonly<Record<LeftOutKind, readonly NumberRange[]>>;
  readonly isTraced: boolean;
  /** Fingerprint of the whole run where it was made: another version of the program plays another run. */
  readonly digest: string;
}

export type DrawnRun = Omit<NodeRun, "faults"> & { readonly faults: readonly string[] };

export type LeftOutKind = keyof NodePlan["leftOut"];

export type NumberRange = readonly [from: number, to: number];

export const LEFT_OUT_KINDS: readonly LeftOutKind[] = ["asks", "faults", "changes"];

/** @param digest - What the run came to where it was made. */
export function drawnOf({ run, leftOut, isTraced }: NodePlan, digest: string): DrawnNodes {
  return {
    run: { ...run, faults: run.faults.map(({ name }) => name) },
    leftOut: {
      asks: rangesOf(leftOut.asks),
      faults: rangesOf(leftOut.faults),
      changes: rangesOf(leftOut.changes),
    },
    isTraced,
    digest,
  };
}

/**
 * The run that the data stands for.
 * @throws RangeError when the run names a fault that this program does not know.
 */
export function planOfDrawn(seed: number, { run, leftOut, isTraced }: DrawnNodes): NodePlan {
  const faults = run.faults.map((wanted) => {
    const fault = faultNamed(wanted);
    if (fault === undefined) throw new RangeError(`there is no fault "${wanted}"`);
    return fault;
  });
  return {
    seed,
    run: { ...run, faults },
    leftOut: {
      asks: numbersOf(leftOut.asks),
      faults: numbersOf(leftOut.faults),
      changes: numbersOf(leftOut.changes),
    },
    isTraced,
  };
}

export function faultNamed(wanted: unknown): NodeFault | undefined {
  return [...NODE_FAULTS, LEADER_STANDS_STILL].find(({ name }) => name === wanted);
}

function rangesOf(numbers: ReadonlySet<number>): readonly NumberRange[] {
  const ranges: [number, number][] = [];
  for (const number of [...numbers].sort((left, right) => left - right)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] + 1 === number) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}

function numbersOf(ranges: readonly NumberRange[]): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (const [from, to] of ranges) for (let at = from; at <= to; at += 1) numbers.add(at);
  return numbers;
}
