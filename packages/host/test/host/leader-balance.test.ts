import { expect, test } from "vitest";
import type { LedGroup } from "../../src/host/leader-balance.ts";
import { chooseHandOver } from "../../src/host/leader-balance.ts";

function groups(leaders: readonly number[], successors: readonly number[]): readonly LedGroup[] {
  return leaders.map((leader, place) => ({ groupId: place + 1, leader, successors }));
}

test("nothing moves between hosts whose numbers differ by one or not at all", () => {
  expect(chooseHandOver(1, groups([1, 1, 2], [2]))).toBeUndefined();
  expect(chooseHandOver(1, groups([1, 2, 3], [2, 3]))).toBeUndefined();
  expect(chooseHandOver(1, [])).toBeUndefined();
});

test("the host that leads least is given one group at a time", () => {
  expect(chooseHandOver(1, groups([1, 1, 1, 2], [2, 3]))).toEqual({ groupId: 1, to: 3 });
  expect(chooseHandOver(2, groups([1, 1, 1, 2], [1, 3]))).toBeUndefined();
});

test("only who could take over is asked", () => {
  expect(chooseHandOver(1, groups([1, 1, 1, 2], []))).toBeUndefined();
  const some = groups([1, 1, 1, 1], []).map((group) =>
    group.groupId === 3 ? { ...group, successors: [2] } : group,
  );
  expect(chooseHandOver(1, some)).toEqual({ groupId: 3, to: 2 });
});

test("repeated hand-overs end in balance", () => {
  const leaders = new Array<number>(100).fill(1);
  let moves = 0;
  for (let round = 0; round < 200; round++) {
    for (const host of [1, 2, 3]) {
      const others = [1, 2, 3].filter((id) => id !== host);
      const handOver = chooseHandOver(host, groups(leaders, others));
      if (handOver === undefined) continue;
      leaders[handOver.groupId - 1] = handOver.to;
      moves += 1;
    }
  }
  const counts = [1, 2, 3].map((host) => leaders.filter((leader) => leader === host).length);
  expect(counts.sort()).toEqual([33, 33, 34]);
  expect(moves).toBeLessThan(70);
});
