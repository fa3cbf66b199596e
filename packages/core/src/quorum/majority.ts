/** Smallest number of members that is more than half of `size`. */
export function majority(size: number): number {
  return Math.floor(size / 2) + 1;
}

/** What a vote has come to. `pending`: the missing answers can still decide it. */
export type VoteOutcome = "won" | "lost" | "pending";

/**
 * Outcome of a vote among `size` members. A vote among nobody is won, so that an empty second half of a joint
 * membership does not stand in the way.
 */
export function majorityVote(size: number, granted: number, refused: number): VoteOutcome {
  if (size === 0) return "won";
  const needed = majority(size);
  if (granted >= needed) return "won";
  return size - refused >= needed ? "pending" : "lost";
}

/**
 * The highest value that a majority has reached: the value at the place before which less than half remain.
 * Sorts `values[0, size)` in place, because it runs for every acknowledgement; groups are small, so insertion sort.
 * A majority of nobody has reached everything.
 */
export function majorityReached(values: Float64Array, size: number): number {
  if (size === 0) return Number.POSITIVE_INFINITY;
  for (let i = 1; i < size; i++) {
    const value = values[i] as number;
    let hole = i;
    while (hole > 0 && (values[hole - 1] as number) > value) {
      values[hole] = values[hole - 1] as number;
      hole--;
    }
    values[hole] = value;
  }
  return values[size - majority(size)] as number;
}
