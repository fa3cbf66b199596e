import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startOwn } from "../support/own-server.ts";
import type { RunningServer } from "../support/reference-server.ts";
import { keyValueMethods } from "./key-value-methods.ts";
import { needs, run } from "./tools.ts";

let server: RunningServer;

beforeAll(async () => {
  server = await startOwn(keyValueMethods());
});

afterAll(async () => {
  await server.stop();
});

const env = (): NodeJS.ProcessEnv => ({
  ...process.env,
  ETCDCTL_API: "3",
  ETCDCTL_ENDPOINTS: `127.0.0.1:${server.port}`,
});

const etcdctl = (...args: string[]) => run("etcdctl", args, { env: env() });

test("etcdctl puts and gets", async (context) => {
  needs(context, "etcdctl");
  expect(await etcdctl("put", "greeting", "hello")).toMatchObject({ output: "OK\n" });
  expect(await etcdctl("get", "greeting")).toMatchObject({ output: "greeting\nhello\n" });
  expect(await etcdctl("get", "nothing")).toMatchObject({ exitCode: 0, output: "" });
});

test("etcdctl puts and gets a value larger than the first window", async (context) => {
  needs(context, "etcdctl");
  // The window is 65 535 octets, and an argument may be 128 KiB long.
  const value = "v".repeat(120_000);
  expect(await etcdctl("put", "large", value)).toMatchObject({ output: "OK\n" });
  expect((await etcdctl("get", "large", "--print-value-only")).output.trim()).toBe(value);
});

test("etcdctl watches", async (context) => {
  needs(context, "etcdctl");
  const watch: ChildProcess = spawn("etcdctl", ["watch", "watched"], { env: env() });
  let seen = "";
  watch.stdout?.on("data", (part) => {
    seen += part;
  });
  try {
    // Writing until the watch has seen one tells that the watch is there without asking it.
    let written = 0;
    while (seen === "") {
      await etcdctl("put", "watched", `value ${written++}`);
    }
    expect(seen).toMatch(/^PUT\nwatched\nvalue \d+\n/);
  } finally {
    watch.kill("SIGINT");
    await once(watch, "exit");
  }
});

test("a method that is not there is told as such", async (context) => {
  needs(context, "etcdctl");
  const { errors, exitCode } = await etcdctl("lease", "list");
  expect(exitCode).not.toBe(0);
  expect(errors).toContain("unknown service etcdserverpb.Lease");
});
