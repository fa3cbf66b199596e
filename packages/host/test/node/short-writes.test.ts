import type * as Fs from "node:fs";
import { readFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { nodeFiles } from "../../src/node/node-files.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A system that writes at most so much of what it is given. */
const BYTES_AT_ONCE = 3;

vi.mock("node:fs", async (original) => {
  const real = await original<typeof Fs>();
  type Done = (error: Error | null, count: number) => void;
  return {
    ...real,
    write: (fd: number, bytes: Uint8Array, from: number, length: number, at: number, done: Done) =>
      real.write(fd, bytes, from, Math.min(length, BYTES_AT_ONCE), at, done),
    writev: (fd: number, parts: readonly Uint8Array[], at: number, done: Done) => {
      const [first] = parts as readonly [Uint8Array];
      real.write(fd, first, 0, Math.min(first.length, BYTES_AT_ONCE), at, done);
    },
  };
});

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test("what the system did not write of a piece is written next", async () => {
  const path = `${await temporaryDirectory()}/file`;
  const file = await nodeFiles.open(path, { mode: "create" });
  await file.write(0, [text("0123456789")]);
  await file.writeDurably(10, [text("abcd"), text("e"), text("fghijklm")]);
  await file.close();
  expect(await readFile(path, "utf8")).toBe("0123456789abcdefghijklm");
});
