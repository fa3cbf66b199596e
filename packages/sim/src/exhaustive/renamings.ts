import type { Configuration } from "./configuration.ts";
import type { Renaming } from "./open-fields.ts";

/** All ways to give the symmetric members of a configuration each other's numbers; the first changes nothing. */
export function renamingsOf({
  symmetric,
  voters,
  learners,
  newcomers,
}: Configuration): readonly Renaming[] {
  const most = Math.max(voters, ...learners, ...newcomers);
  const identity = Array.from({ length: most + 1 }, (_, id) => id);
  return permutations(symmetric).map((order) => {
    const renaming = [...identity];
    symmetric.forEach((id, at) => {
      renaming[id] = order[at] as number;
    });
    return renaming;
  });
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((first, at) =>
    permutations(items.filter((_, other) => other !== at)).map((rest) => [first, ...rest]),
  );
}
