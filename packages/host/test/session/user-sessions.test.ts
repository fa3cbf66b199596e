import { expect, test } from "vitest";
import { UserSessions } from "../../src/session/user-sessions.ts";
import { ByteReader } from "../../src/wire/byte-reader.ts";
import { ByteWriter } from "../../src/wire/byte-writer.ts";

const LIMITS = { sessionsMax: 3, bytesMax: 2_000 };
const RESULT = Uint8Array.of(1, 2, 3);

function copy(sessions: UserSessions): UserSessions {
  const writer = new ByteWriter();
  sessions.write(writer);
  const reader = new ByteReader(writer.take());
  const read = UserSessions.read(reader, LIMITS);
  reader.end();
  return read;
}

test("a repeated command gets the stored result until it is acknowledged", () => {
  const sessions = new UserSessions(LIMITS);
  const id = sessions.open();
  expect(sessions.check(id, 1, 1)).toEqual({ verdict: "apply" });
  sessions.store(id, 1, RESULT);
  const restored = copy(sessions);
  for (const table of [sessions, restored]) {
    expect(table.check(id, 1, 1)).toEqual({ verdict: "stored", result: RESULT });
    expect(table.check(id, 2, 2)).toEqual({ verdict: "apply" });
    expect(table.check(id, 1, 1)).toEqual({ verdict: "expired" });
  }
});

test("an unknown or closed session has expired", () => {
  const sessions = new UserSessions(LIMITS);
  const id = sessions.open();
  expect(sessions.close(id)).toBe(true);
  expect(sessions.close(id)).toBe(false);
  expect(sessions.check(id, 1, 1)).toEqual({ verdict: "expired" });
  expect(sessions.check(99, 1, 1)).toEqual({ verdict: "expired" });
  expect(sessions.bytes).toBe(0);
});

test("the longest unused session goes when there are too many", () => {
  const sessions = new UserSessions(LIMITS);
  const [first, second] = [sessions.open(), sessions.open()];
  sessions.open();
  sessions.check(first, 1, 1);
  sessions.open();
  sessions.shrink();
  expect(sessions.size).toBe(3);
  expect(sessions.check(second, 1, 1)).toEqual({ verdict: "expired" });
  expect(sessions.check(first, 1, 1)).toEqual({ verdict: "apply" });
});

test("results are bounded in bytes, and bytes are given back", () => {
  const sessions = new UserSessions(LIMITS);
  const [first, second] = [sessions.open(), sessions.open()];
  sessions.check(first, 1, 1);
  sessions.store(first, 1, new Uint8Array(1_500));
  sessions.check(second, 1, 1);
  sessions.store(second, 1, new Uint8Array(1_500));
  sessions.shrink();
  expect(sessions.check(first, 1, 1)).toEqual({ verdict: "expired" });
  expect(sessions.check(second, 1, 1).verdict).toBe("stored");
  expect(sessions.bytes).toBeLessThanOrEqual(LIMITS.bytesMax);
  const before = sessions.bytes;
  sessions.check(second, 2, 2);
  expect(sessions.bytes).toBe(before - 1_532);
});

test("ids are never handed out again, also after a restart", () => {
  const sessions = new UserSessions(LIMITS);
  const id = sessions.open();
  sessions.close(id);
  expect(copy(sessions).open()).toBe(id + 1);
});
