import { readFile, stat, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { nodeFiles } from "../../src/node/node-files.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test("writes and durable writes of several parts land one after the other", async () => {
  const path = `${await temporaryDirectory()}/file`;
  const file = await nodeFiles.open(path, { mode: "create" });
  await file.write(0, [text("ab"), new Uint8Array(0), text("cd")]);
  await file.writeDurably(4, [text("ef"), text("gh")]);
  await file.writeDurably(8, []);
  expect(await file.size()).toBe(8);
  const into = new Uint8Array(20);
  expect(await file.read(2, into)).toBe(6);
  expect(new TextDecoder().decode(into.subarray(0, 6))).toBe("cdefgh");
  await file.sync();
  await file.truncate(3);
  await file.close();
  expect(await readFile(path, "utf8")).toBe("abc");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("more parts than one system call takes are all written", async () => {
  const path = `${await temporaryDirectory()}/file`;
  const file = await nodeFiles.open(path, { mode: "create" });
  const parts = Array.from({ length: 3_000 }, (_, index) => text(`${index % 10}`));
  await file.writeDurably(0, parts);
  await file.close();
  expect((await readFile(path, "utf8")).length).toBe(3_000);
});

test("a durable write follows the open file when it is renamed", async () => {
  const directory = await temporaryDirectory();
  const file = await nodeFiles.open(`${directory}/old`, { mode: "create" });
  await nodeFiles.rename(`${directory}/old`, `${directory}/new`);
  await file.writeDurably(0, [text("here")]);
  await file.close();
  expect(await readFile(`${directory}/new`, "utf8")).toBe("here");
});

test("close waits for what runs, and nothing runs after it", async () => {
  const path = `${await temporaryDirectory()}/file`;
  const file = await nodeFiles.open(path, { mode: "create" });
  const writing = file.writeDurably(0, [text("whole")]);
  await file.close();
  await writing;
  await file.close();
  await expect(file.write(0, [text("x")])).rejects.toMatchObject({ name: "FileError", code: "io" });
  expect(await readFile(path, "utf8")).toBe("whole");
});

test("folders are made with their parents, listed sorted, and removed as a tree", async () => {
  const directory = await temporaryDirectory();
  await nodeFiles.makeDirectory(`${directory}/a/b`);
  await nodeFiles.makeDirectory(`${directory}/a/b`);
  await writeFile(`${directory}/a/z`, "");
  expect(await nodeFiles.list(`${directory}/a`)).toEqual(["b", "z"]);
  await nodeFiles.syncDirectory(`${directory}/a`);
  expect(await nodeFiles.exists(`${directory}/a/z`)).toBe(true);
  await nodeFiles.remove(`${directory}/a/z`);
  expect(await nodeFiles.exists(`${directory}/a/z`)).toBe(false);
  await nodeFiles.removeTree(`${directory}/a`);
  await nodeFiles.removeTree(`${directory}/a`);
  expect(await nodeFiles.exists(`${directory}/a`)).toBe(false);
  expect(await nodeFiles.freeBytes(directory)).toBeGreaterThan(0);
});

test("failures carry a stable code and the system's own error", async () => {
  const directory = await temporaryDirectory();
  await writeFile(`${directory}/there`, "");
  const open = (name: string, mode: "read" | "write" | "create"): Promise<unknown> =>
    nodeFiles.open(`${directory}/${name}`, { mode });
  await expect(open("missing", "read")).rejects.toMatchObject({
    name: "FileError",
    code: "notFound",
    path: `${directory}/missing`,
    cause: { code: "ENOENT" },
  });
  await expect(open("missing", "write")).rejects.toMatchObject({ code: "notFound" });
  await expect(open("there", "create")).rejects.toMatchObject({ code: "exists" });
  await expect(nodeFiles.list(`${directory}/missing`)).rejects.toMatchObject({ code: "notFound" });
  await expect(nodeFiles.list(`${directory}/there`)).rejects.toMatchObject({ code: "notFound" });
  await expect(nodeFiles.remove(`${directory}/missing`)).rejects.toMatchObject({
    code: "notFound",
  });
});

test("a full device is noSpace", async () => {
  const file = await nodeFiles.open("/dev/full", { mode: "write" });
  await expect(file.write(0, [text("x")])).rejects.toMatchObject({ code: "noSpace" });
  await file.close();
});
