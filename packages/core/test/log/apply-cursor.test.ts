import { describe, expect, test } from "vitest";
import { ApplyCursor } from "../../src/log/apply-cursor.ts";

describe("how many bytes are on the way to the state machine", () => {
  test("what is handed out takes room, what is applied gives it back", () => {
    const cursor = new ApplyCursor(3, 100);
    expect([cursor.applied, cursor.applying, cursor.bytes, cursor.roomBytes]).toEqual([
      3, 3, 0, 100,
    ]);
    cursor.handedOut(5, 60, false);
    expect([cursor.applied, cursor.applying, cursor.bytes, cursor.roomBytes]).toEqual([
      3, 5, 60, 40,
    ]);
    expect(cursor.full).toBe(false);
    cursor.acknowledged(4, 20, 9);
    expect([cursor.applied, cursor.applying, cursor.bytes, cursor.roomBytes]).toEqual([
      4, 5, 40, 60,
    ]);
  });

  test("it is full when the last byte is taken, and not before", () => {
    const cursor = new ApplyCursor(0, 100);
    cursor.handedOut(1, 99, false);
    expect(cursor.full).toBe(false);
    cursor.handedOut(2, 1, false);
    expect(cursor.full).toBe(true);
  });

  test("it stays full while all of the room is taken", () => {
    const cursor = new ApplyCursor(0, 100);
    cursor.handedOut(1, 20, false);
    cursor.handedOut(2, 100, false);
    cursor.acknowledged(1, 20, 2);
    expect(cursor.full).toBe(true);
    cursor.acknowledged(2, 1, 2);
    expect(cursor.full).toBe(false);
  });

  test("a cut batch holds the next one back until something is applied", () => {
    const cursor = new ApplyCursor(0, 100);
    cursor.handedOut(1, 10, true);
    expect(cursor.full).toBe(true);
    cursor.acknowledged(1, 10, 2);
    expect(cursor.full).toBe(false);
  });

  test("bytes of entries that a snapshot contained are never owed", () => {
    const cursor = new ApplyCursor(0, 100);
    cursor.handedOut(1, 10, false);
    cursor.acknowledged(7, 30, 7);
    expect([cursor.applied, cursor.applying, cursor.bytes]).toEqual([7, 7, 0]);
  });
});
