import { KVService as KV, utf8 } from "@quorate/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OneMember } from "../member/one-member.ts";

let member: OneMember;
beforeAll(async () => {
  member = await OneMember.start();
});
afterAll(() => member.stop());

async function scrape(): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(`${member.url}/metrics`);
  expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await answer.text())
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

test("what dashboards read is there and moves", async () => {
  const before = await scrape();
  await member.api.call(
    KV.put,
    { key: utf8("a"), value: utf8("1") },
    { "client-api-version": "3.5" },
  );
  await member.api.failure(KV.put, {});
  await member.post("/v3/kv/range", { key: "YQ==" });
  const after = await scrape();
  const grown = (name: string): number => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  const method = 'grpc_type="unary",grpc_service="etcdserverpb.KV",grpc_method';
  expect(grown("etcd_mvcc_put_total")).toBe(1);
  expect(grown("etcd_mvcc_range_total")).toBe(1);
  expect(grown(`grpc_server_started_total{${method}="Put"}`)).toBe(2);
  expect(grown(`grpc_server_handled_total{${method}="Put",grpc_code="OK"}`)).toBe(1);
  expect(grown(`grpc_server_handled_total{${method}="Put",grpc_code="InvalidArgument"}`)).toBe(1);
  expect(grown('etcd_server_client_requests_total{type="unary",client_api_version="3.5"}')).toBe(1);
  expect(grown("etcd_debugging_mvcc_current_revision")).toBe(1);
  expect(grown("etcd_disk_wal_fsync_duration_seconds_count")).toBeGreaterThan(0);
  expect(grown("etcd_network_client_grpc_received_bytes_total")).toBeGreaterThan(0);
  expect(after.get("etcd_server_has_leader")).toBe(1);
  expect(after.get("etcd_server_is_leader")).toBe(1);
  expect(after.get('etcd_server_version{server_version="3.6.0"}')).toBe(1);
  expect(after.get("process_resident_memory_bytes")).toBeGreaterThan(0);
});
