import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type TextLine,
  type TextSink,
  TURN_BYTES,
  TurnWriter,
} from "../../src/gateway/turn-writer.ts";

/** Turns of an event loop that a test takes one by one. */
class Turns {
  readonly #due: (() => void)[] = [];
  readonly next = (run: () => void): void => {
    this.#due.push(run);
  };

  get areDue(): boolean {
    return this.#due.length > 0;
  }

  take(): void {
    for (const run of this.#due.splice(0)) run();
  }
}

/** A client that takes everything, or nothing until it is told to. */
class Client implements TextSink {
  text = "";
  isOver = false;
  idleTimes = 0;
  readonly defects: unknown[] = [];
  readonly writes: number[] = [];
  takesAll = true;

  write(text: string): boolean {
    this.text += text;
    this.writes.push(text.length);
    return this.takesAll;
  }

  end(text: string): void {
    this.text += text;
    this.isOver = true;
  }

  idle(): void {
    this.idleTimes += 1;
  }

  broken(defect: unknown): void {
    this.defects.push(defect);
  }
}

const PIECE = "x".repeat(20_000);

/** Pieces that say how many of them were made. */
function* made(count: number, counter: { bytes: number }): Generator<string> {
  for (let left = count; left > 0; left -= 1) {
    counter.bytes += PIECE.length;
    yield PIECE;
  }
}

function opened(writer: TurnWriter): { readonly client: Client; readonly line: TextLine } {
  const client = new Client();
  return { client, line: writer.open(client) };
}

test("a short answer is made and ended at once, in one part", () => {
  const { client, line } = opened(new TurnWriter(new Turns().next));
  line.end(["{", '"a":1', "}"]);
  expect([client.text, client.isOver, client.writes]).toEqual(['{"a":1}', true, []]);
});

test("five answers of megabytes at once are made in turns of a bounded size, each a part in every turn", () => {
  const turns = new Turns();
  const writer = new TurnWriter(turns.next);
  const counter = { bytes: 0 };
  const answers = Array.from({ length: 5 }, () => opened(writer));
  for (const { line } of answers) line.end(made(200, counter));
  let taken = 1;
  for (let before = 0; answers.some(({ client }) => !client.isOver); taken += 1) {
    expect(counter.bytes - before).toBeLessThan(TURN_BYTES + 65_536 + PIECE.length);
    before = counter.bytes;
    const lengths = answers.map(({ client }) => client.text.length);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(2 * TURN_BYTES);
    expect(turns.areDue).toBe(true);
    turns.take();
  }
  expect(taken).toBeGreaterThan((5 * 200 * PIECE.length) / (TURN_BYTES + 65_536 + PIECE.length));
  for (const { client } of answers) expect(client.text).toBe(PIECE.repeat(200));
});

test("nothing is made for a client that does not read, and others go on", () => {
  const turns = new Turns();
  const writer = new TurnWriter(turns.next);
  const counter = { bytes: 0 };
  const deaf = opened(writer);
  deaf.client.takesAll = false;
  deaf.line.end(made(100, counter));
  const other = opened(writer);
  other.line.end(made(20, { bytes: 0 }));
  while (turns.areDue) turns.take();
  expect(other.client.isOver).toBe(true);
  expect(counter.bytes).toBeLessThan(65_536 + PIECE.length);
  expect(deaf.line.isIdle).toBe(false);
  deaf.client.takesAll = true;
  deaf.line.drained();
  while (turns.areDue) turns.take();
  expect([deaf.client.isOver, deaf.client.text.length]).toEqual([true, 100 * PIECE.length]);
});

test("what is added to a stream stays in order and says when there is room for more", () => {
  const turns = new Turns();
  const { client, line } = opened(new TurnWriter(turns.next));
  line.add(["one "]);
  expect([client.text, line.isIdle, client.idleTimes]).toEqual(["one ", true, 1]);
  client.takesAll = false;
  line.add(["two "]);
  line.add(["three "]);
  expect([client.text, line.isIdle, client.idleTimes]).toEqual(["one two ", false, 1]);
  client.takesAll = true;
  line.drained();
  expect([client.text, line.isIdle, client.idleTimes]).toEqual(["one two three ", true, 2]);
  line.end(["four"]);
  line.add(["never"]);
  expect([client.text, client.isOver]).toEqual(["one two three four", true]);
});

test("what a client that is gone would have got is never made", () => {
  const turns = new Turns();
  const { client, line } = opened(new TurnWriter(turns.next));
  const counter = { bytes: 0 };
  line.end(made(100, counter));
  const before = counter.bytes;
  line.close();
  while (turns.areDue) turns.take();
  line.drained();
  line.add(["x"]);
  expect([counter.bytes, client.isOver]).toEqual([before, false]);
});

test("an answer that cannot be made ends alone", () => {
  const turns = new Turns();
  const writer = new TurnWriter(turns.next);
  const { client, line } = opened(writer);
  const defect = new Error("no text");
  line.end(
    (function* (): Generator<string> {
      yield "{";
      throw defect;
    })(),
  );
  const other = opened(writer);
  other.line.end(["{}"]);
  expect([client.defects, client.isOver, other.client.text]).toEqual([[defect], false, "{}"]);
});

test("whatever is added, blocked and drained when: every client gets its text, turns stay small", () => {
  const step = fc.record({ line: fc.nat(2), pieces: fc.nat(30), blocks: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const turns = new Turns();
      const writer = new TurnWriter(turns.next);
      const counter = { bytes: 0 };
      const lines = Array.from({ length: 3 }, () => opened(writer));
      const wanted = [0, 0, 0];
      for (const { line: at, pieces, blocks } of steps) {
        const { client, line } = lines[at] as (typeof lines)[number];
        client.takesAll = !blocks;
        line.drained();
        line.add(made(pieces, counter));
        wanted[at] = (wanted[at] ?? 0) + pieces;
        if (blocks) turns.take();
      }
      for (const { client, line } of lines) {
        client.takesAll = true;
        line.drained();
        line.end();
      }
      while (turns.areDue) {
        const before = counter.bytes;
        turns.take();
        expect(counter.bytes - before).toBeLessThan(TURN_BYTES + 65_536 + PIECE.length);
      }
      expect(lines.map(({ client }) => client.text.length / PIECE.length)).toEqual(wanted);
      expect(lines.every(({ client }) => client.isOver)).toBe(true);
    }),
    { numRuns: 100 },
  );
});
