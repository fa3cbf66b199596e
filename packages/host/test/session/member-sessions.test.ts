import fc from "fast-check";
import { expect, test } from "vitest";
import { MemberSessions } from "../../src/session/member-sessions.ts";
import { ByteReader } from "../../src/wire/byte-reader.ts";
import { ByteWriter } from "../../src/wire/byte-writer.ts";
import { WireError } from "../../src/wire/wire-error.ts";

function copy(sessions: MemberSessions): MemberSessions {
  const writer = new ByteWriter();
  sessions.write(writer);
  const reader = new ByteReader(writer.take());
  const read = MemberSessions.read(reader);
  reader.end();
  return read;
}

test("a batch is admitted once, in whatever order batches and copies arrive", () => {
  const counts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      counts,
      fc.array(fc.nat(), { maxLength: 60 }),
      fc.boolean(),
      (sizes, order, save) => {
        const firsts: number[] = [];
        let next = 1;
        for (const size of sizes) {
          firsts.push(next);
          next += size;
        }
        let sessions = new MemberSessions();
        const applied = new Set<number>();
        const settledBelow = (): number => {
          const open = firsts.findIndex((first) => !applied.has(first));
          return open < 0 ? next : (firsts[open] ?? next);
        };
        for (const draw of order) {
          const batch = draw % sizes.length;
          const first = firsts[batch] as number;
          const fresh = sessions.admit(1, 1, first, sizes[batch] as number, settledBelow());
          expect(fresh).toBe(!applied.has(first));
          applied.add(first);
          expect(sessions.isSettled(1, 1, first, sizes[batch] as number)).toBe(true);
          if (save) sessions = copy(sessions);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("a copy of a batch that the origin has half given up is still a copy", () => {
  const sessions = new MemberSessions();
  expect(sessions.admit(1, 1, 10, 10, 1)).toBe(true);
  expect(sessions.admit(1, 1, 20, 1, 15)).toBe(true);
  expect(sessions.admit(1, 1, 10, 10, 1)).toBe(false);
});

test("a batch the origin has half given up is applied once, not twice", () => {
  const sessions = new MemberSessions();
  expect(sessions.admit(1, 1, 20, 1, 15)).toBe(true);
  expect(sessions.admit(1, 1, 10, 10, 1)).toBe(true);
  expect(sessions.admit(1, 1, 10, 10, 1)).toBe(false);
});

test("a batch that the origin has wholly given up is dropped", () => {
  const sessions = new MemberSessions();
  expect(sessions.admit(1, 1, 20, 1, 20)).toBe(true);
  expect(sessions.admit(1, 1, 10, 10, 1)).toBe(false);
});

test("a new start begins anew, and what an earlier start left behind is dropped", () => {
  const sessions = new MemberSessions();
  expect(sessions.admit(1, 4, 1, 3, 1)).toBe(true);
  expect(sessions.admit(1, 5, 1, 3, 1)).toBe(true);
  expect(sessions.admit(1, 4, 4, 1, 1)).toBe(false);
  expect(sessions.isSettled(1, 4, 9, 1)).toBe(true);
  expect(sessions.incarnation(1)).toBe(5);
  expect(sessions.admit(2, 1, 1, 3, 1)).toBe(true);
});

test("the table stays small however many members come and go", () => {
  const sessions = new MemberSessions();
  for (let member = 1; member <= 5_000; member++) sessions.admit(member, 1, 1, 1, 1);
  const writer = new ByteWriter();
  sessions.write(writer);
  expect(writer.length).toBeLessThan(20_000);
  expect(sessions.admit(5_000, 1, 1, 1, 1)).toBe(false);
});

test("random bytes give a table or a typed error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        MemberSessions.read(new ByteReader(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }),
    { numRuns: 5_000 },
  );
});
