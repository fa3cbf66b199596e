import { expect, test } from "vitest";
import { Client } from "../src/index.ts";

/** Nothing listens on the discard port of the loopback. */
const NOBODY = "127.0.0.1:9";
const CALLS = 30;

test("many calls that wait for a member at once are not taken for a leak", async () => {
  const warnings: string[] = [];
  const hear = (warning: Error): void => {
    warnings.push(warning.name);
  };
  process.on("warning", hear);
  const client = new Client({ endpoints: [NOBODY], timeoutMs: 200 });
  const outcomes = await Promise.allSettled(
    Array.from({ length: CALLS }, (_, at) => client.put(`k${at}`, "v")),
  );
  // Warnings are told in a turn of their own.
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", hear);
  expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
  expect(warnings).toEqual([]);
  client.close();
});
