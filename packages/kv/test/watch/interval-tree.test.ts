import fc from "fast-check";
import { expect, test } from "vitest";
import { IntervalTree } from "../../src/watch/interval-tree.ts";

interface Item {
  readonly key: Uint8Array;
  readonly end: Uint8Array | undefined;
  readonly name: string;
}

const point = fc.integer({ min: 0, max: 30 });

test("finds exactly the intervals a key is in, while they come and go", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(point, fc.option(point, { nil: undefined }), fc.boolean()), {
        maxLength: 60,
        size: "max",
      }),
      (changes) => {
        const tree = new IntervalTree<Item>();
        const there = new Map<string, Item>();
        for (const [begin, end, add] of changes) {
          const name = `${begin}-${end}`;
          const known = there.get(name);
          if (add && known === undefined) {
            const item: Item = {
              key: Uint8Array.of(begin),
              end: end === undefined ? undefined : Uint8Array.of(end),
              name,
            };
            tree.add(item);
            there.set(name, item);
          } else if (!add && known !== undefined) {
            tree.remove(known);
            there.delete(name);
          }
          expect(tree.size).toBe(there.size);
        }
        for (let n = 0; n <= 31; n++) {
          const found: string[] = [];
          tree.visitContaining(Uint8Array.of(n), (item) => found.push(item.name));
          const expected = [...there.values()]
            .filter(
              ({ key, end }) =>
                (key[0] as number) <= n && (end === undefined || n < (end[0] as number)),
            )
            .map(({ name }) => name);
          expect(found.sort()).toEqual(expected.sort());
        }
      },
    ),
  );
});
