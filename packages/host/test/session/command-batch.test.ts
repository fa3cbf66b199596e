import fc from "fast-check";
import { expect, test } from "vitest";
import {
  BATCH_COMMANDS_MAX,
  BatchBuilder,
  BatchReader,
  ItemKind,
  withdrawItems,
} from "../../src/session/command-batch.ts";
import { WireError } from "../../src/wire/wire-error.ts";

interface Item {
  readonly kind: number;
  readonly sessionId?: number;
  readonly sequence?: number;
  readonly acknowledgedBelow?: number;
  readonly command?: Uint8Array;
}

const anyItem: fc.Arbitrary<Item> = fc.oneof(
  fc.record({
    kind: fc.constant(ItemKind.command),
    command: fc.uint8Array({ maxLength: 40 }),
  }),
  fc.record({
    kind: fc.constant(ItemKind.sessionCommand),
    sessionId: fc.maxSafeNat(),
    sequence: fc.maxSafeNat(),
    acknowledgedBelow: fc.maxSafeNat(),
    command: fc.uint8Array({ maxLength: 40 }),
  }),
  fc.record({ kind: fc.constant(ItemKind.openSession) }),
  fc.record({ kind: fc.constant(ItemKind.closeSession), sessionId: fc.maxSafeNat() }),
  fc.record({ kind: fc.constant(ItemKind.void) }),
);

const header = {
  member: 3,
  incarnation: 9,
  firstSequence: 1_000,
  acknowledgedBelow: 990,
  proposedAtMs: 1_700_000_000_000,
};

function build(builder: BatchBuilder, items: readonly Item[]): Uint8Array {
  for (const item of items) {
    const { sessionId = 0, sequence = 0, acknowledgedBelow = 0 } = item;
    const command = item.command ?? new Uint8Array(0);
    if (item.kind === ItemKind.command) builder.addCommand(command);
    else if (item.kind === ItemKind.sessionCommand) {
      builder.addSessionCommand(sessionId, sequence, acknowledgedBelow, command);
    } else if (item.kind === ItemKind.openSession) builder.addOpenSession();
    else if (item.kind === ItemKind.closeSession) builder.addCloseSession(sessionId);
    else builder.addVoid();
  }
  return builder.close(header);
}

function read(payload: Uint8Array): { reader: BatchReader; items: Item[] } {
  const reader = new BatchReader(payload);
  const items: Item[] = [];
  while (reader.advance()) {
    const { kind, sessionId, sequence, acknowledgedBelow, command } = reader;
    if (kind === ItemKind.command) items.push({ kind, command });
    else if (kind === ItemKind.sessionCommand) {
      items.push({ kind, sessionId, sequence, acknowledgedBelow, command });
    } else if (kind === ItemKind.closeSession) items.push({ kind, sessionId });
    else items.push({ kind });
  }
  return { reader, items };
}

test("a batch comes back item by item, and its builder is empty again", () => {
  const builder = new BatchBuilder();
  fc.assert(
    fc.property(fc.array(anyItem), (items) => {
      const { reader, items: got } = read(build(builder, items));
      expect(reader.header).toEqual({ ...header, count: items.length });
      expect(got).toEqual(items);
      expect(builder.count).toBe(0);
    }),
  );
});

test("withdrawn items keep their places and lose their content", () => {
  fc.assert(
    fc.property(fc.array(anyItem), fc.array(fc.nat({ max: 10 })), (items, places) => {
      const withdrawn = new Set(places);
      const payload = withdrawItems(build(new BatchBuilder(), items), withdrawn);
      const { reader, items: got } = read(payload);
      expect(reader.header).toEqual({ ...header, count: items.length });
      expect(got).toEqual(
        items.map((item, place) => (withdrawn.has(place) ? { kind: ItemKind.void } : item)),
      );
    }),
  );
});

test("random bytes, cut and damaged batches give items or a typed error", () => {
  const good = build(new BatchBuilder(), [
    { kind: ItemKind.command, command: Uint8Array.of(1, 2, 3) },
    { kind: ItemKind.openSession },
    {
      kind: ItemKind.sessionCommand,
      sessionId: 5,
      sequence: 6,
      acknowledgedBelow: 2,
      command: Uint8Array.of(4),
    },
  ]);
  for (let length = 0; length < good.length; length++) {
    expect(() => read(good.subarray(0, length))).toThrow(WireError);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        read(Uint8Array.of(1, bytes.length & 1, ...bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }),
    { numRuns: 5_000 },
  );
});

test("a builder says when it is full, by count and by bytes", () => {
  const many = new BatchBuilder();
  for (let nth = 0; nth < BATCH_COMMANDS_MAX; nth++) {
    expect(many.isFull).toBe(false);
    many.addCommand(new Uint8Array(0));
  }
  expect(many.isFull).toBe(true);
  const large = new BatchBuilder();
  large.addCommand(new Uint8Array(1 << 20));
  expect(large.isFull).toBe(true);
});
