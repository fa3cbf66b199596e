import type { Operation } from "../history/operation.ts";

export interface EventOrder {
  /** Per event in time order: the operation of a call, or -1 - operation for a return. */
  readonly owner: Int32Array;
  readonly callAt: Int32Array;
  /** -1 for an outcome that never became known. */
  readonly returnAt: Int32Array;
  /** How many operations returned. */
  readonly returns: number;
}

/**
 * Calls and returns of `operations` in one order. At the same moment calls come first, which takes the operations for
 * concurrent: the choice that never accuses a correct system.
 */
export function orderOfEvents(operations: readonly Operation<unknown, unknown>[]): EventOrder {
  const count = operations.length;
  const calls = ascending(operations, (operation) => operation.calledAt);
  const returned: Operation<unknown, unknown>[] = [];
  const returnedOffsets: number[] = [];
  for (let offset = 0; offset < count; offset += 1) {
    const operation = operations[offset] as Operation<unknown, unknown>;
    if (operation.output === undefined) continue;
    returned.push(operation);
    returnedOffsets.push(offset);
  }
  const returns = ascending(returned, (operation) => operation.returnedAt);
  const owner = new Int32Array(count + returned.length);
  const callAt = new Int32Array(count);
  const returnAt = new Int32Array(count).fill(-1);
  let nextCall = 0;
  let nextReturn = 0;
  for (let event = 0; event < owner.length; event += 1) {
    const call = calls[nextCall];
    const back = returns[nextReturn];
    const calledAt = call === undefined ? Infinity : (operations[call]?.calledAt ?? Infinity);
    const returnedAt = back === undefined ? Infinity : (returned[back]?.returnedAt ?? Infinity);
    if (call !== undefined && (back === undefined || calledAt <= returnedAt)) {
      owner[event] = call;
      callAt[call] = event;
      nextCall += 1;
    } else {
      const offset = returnedOffsets[back as number] as number;
      owner[event] = -1 - offset;
      returnAt[offset] = event;
      nextReturn += 1;
    }
  }
  return { owner, callAt, returnAt, returns: returned.length };
}

/** Offsets ordered by `time`; without work when they already are. */
function ascending<T>(items: readonly T[], time: (item: T) => number): Int32Array {
  const offsets = new Int32Array(items.length);
  let sorted = true;
  let before = Number.NEGATIVE_INFINITY;
  for (let offset = 0; offset < items.length; offset += 1) {
    offsets[offset] = offset;
    const at = time(items[offset] as T);
    if (at < before) sorted = false;
    before = at;
  }
  if (sorted) return offsets;
  const times = Float64Array.from(items, time);
  return offsets.sort((left, right) => {
    const difference = (times[left] as number) - (times[right] as number);
    return difference !== 0 ? difference : left - right;
  });
}
