import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Finished, run, startThree } from "./members.ts";

const BASE_PORT = 28_790;
const installed = spawnSync("etcdctl", ["version"]).error === undefined;

let cluster: Awaited<ReturnType<typeof startThree>>;
let endpoints: readonly string[] = [];

function etcdctl(endpoint: string, args: readonly string[], input?: string): Promise<Finished> {
  return run("etcdctl", [`--endpoints=${endpoint}`, ...args], input);
}

describe.skipIf(!installed)("an unmodified etcdctl", () => {
  beforeAll(async () => {
    cluster = await startThree(BASE_PORT);
    endpoints = cluster.cluster.endpoints;
  });
  afterAll(() => cluster.stop());

  test("writes, reads and deletes through every member", async () => {
    for (const [place, endpoint] of endpoints.entries()) {
      const key = `through/${place}`;
      expect((await etcdctl(endpoint, ["put", key, `value ${place}`])).output).toBe("OK\n");
      for (const other of endpoints) {
        const read = await etcdctl(other, ["get", key]);
        expect(read.output).toBe(`${key}\nvalue ${place}\n`);
      }
    }
    const all = await etcdctl(endpoints[0] ?? "", ["get", "--prefix", "through/", "--keys-only"]);
    expect(all.output.split("\n").filter((line) => line !== "")).toHaveLength(3);
    const deleted = await etcdctl(endpoints[1] ?? "", ["del", "--prefix", "through/"]);
    expect(deleted.output).toBe("3\n");
    const nothing = await etcdctl(endpoints[2] ?? "", ["get", "--prefix", "through/"]);
    expect(nothing.output).toBe("");
  });

  test("transactions take the branch their comparison says", async () => {
    for (const endpoint of endpoints) {
      await etcdctl(endpoint, ["put", "txn/guard", "yes"]);
      const script =
        'value("txn/guard") = "yes"\n\nput txn/then 1\nget txn/guard\n\nput txn/else 1\n\n';
      const done = await etcdctl(endpoint, ["txn"], script);
      expect(done.output).toContain("SUCCESS");
      expect(done.output).toContain("txn/guard\nyes");
      expect((await etcdctl(endpoint, ["get", "txn/else"])).output).toBe("");
      const failing = await etcdctl(endpoint, ["txn"], script.replace('"yes"', '"no"'));
      expect(failing.output).toContain("FAILURE");
      expect((await etcdctl(endpoint, ["del", "txn/else"])).output).toBe("1\n");
    }
  });

  test("endpoint status shows one leader, equal revisions, no errors", async () => {
    const all = endpoints.join(",");
    const status = await etcdctl(all, ["endpoint", "status", "-w", "table"]);
    for (const endpoint of endpoints) expect(status.output).toContain(endpoint);
    const rows = status.output.split("\n").filter((line) => line.includes("127.0.0.1"));
    const leaders = rows.filter((row) => row.split("|")[5]?.trim() === "true");
    expect(leaders).toHaveLength(1);
    expect(rows.every((row) => row.split("|")[10]?.trim() === "")).toBe(true);
  });

  test("member list and endpoint health", async () => {
    for (const endpoint of endpoints) {
      const list = await etcdctl(endpoint, ["member", "list"]);
      expect(list.output.trim().split("\n")).toHaveLength(3);
      expect(list.output.match(/started/g)).toHaveLength(3);
      const health = await etcdctl(endpoint, ["endpoint", "health"]);
      expect(health.exitCode).toBe(0);
      expect(health.output + health.errors).toContain("is healthy");
    }
  });

  test("a request over the limit is refused with etcd's words and nothing is written", async () => {
    const endpoint = endpoints[0] ?? "";
    const put = await etcdctl(endpoint, ["put", "too-large"], "x".repeat(1_600_000));
    expect(put.exitCode).not.toBe(0);
    expect(put.errors).toContain("etcdserver: request is too large");
    expect((await etcdctl(endpoint, ["get", "too-large"])).output).toBe("");
  });
});
