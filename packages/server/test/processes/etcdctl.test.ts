import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProcessCluster } from "./member-process.ts";

const found = spawnSync("etcdctl", ["version"], { env: { ...process.env, ETCDCTL_API: "3" } });
const isMissing = found.error !== undefined;
if (isMissing) {
  console.warn(
    "etcdctl is not installed (Debian package etcd-client): its acceptance tests are skipped",
  );
}

let cluster: ProcessCluster;

interface Said {
  readonly out: string;
  readonly error: string;
  readonly code: number | null;
}

function etcdctl(endpoints: readonly string[], args: readonly string[], input = ""): Said {
  const { stdout, stderr, status } = spawnSync(
    "etcdctl",
    [`--endpoints=${endpoints.join(",")}`, ...args],
    {
      encoding: "utf8",
      input,
      env: { ...process.env, ETCDCTL_API: "3" },
    },
  );
  return { out: stdout, error: stderr, code: status };
}

describe.skipIf(isMissing)("etcdctl, unmodified", () => {
  beforeAll(async () => {
    cluster = await ProcessCluster.create(3);
    await cluster.startAll();
  });

  afterAll(async () => {
    await cluster.remove();
  });

  const all = (args: readonly string[], input = ""): Said =>
    etcdctl(cluster.endpoints, args, input);

  test.each([0, 1, 2])("put, get and del through member %i", (place) => {
    const one = (args: readonly string[]): Said => etcdctl([cluster.member(place).endpoint], args);
    expect(one(["put", `k${place}/a`, "1"])).toMatchObject({ out: "OK\n", code: 0 });
    expect(one(["put", `k${place}/b`, "2"]).out).toBe("OK\n");
    expect(one(["get", "--prefix", `k${place}/`]).out).toBe(`k${place}/a\n1\nk${place}/b\n2\n`);
    expect(one(["get", "--prefix", `k${place}/`, "--order=DESCEND", "--limit=1"]).out).toBe(
      `k${place}/b\n2\n`,
    );
    expect(one(["get", `k${place}/`, "--prefix", "--keys-only"]).out).toBe(
      `k${place}/a\n\nk${place}/b\n\n`,
    );
    expect(one(["get", "--consistency=s", `k${place}/a`, "--print-value-only"]).out).toBe("1\n");
    expect(one(["del", `k${place}/a`, "--prev-kv"]).out).toBe(`1\nk${place}/a\n1\n`);
    expect(one(["del", `k${place}/a`]).out).toBe("0\n");
    expect(one(["get", `k${place}/a`])).toMatchObject({ out: "", code: 0 });
  });

  test("a transaction from standard input", () => {
    all(["put", "user", "bad"]);
    const input = 'value("user") = "bad"\n\nput user good\nget user\n\nput user worse\n\n';
    expect(all(["txn"], input).out).toBe("SUCCESS\n\nOK\n\nuser\ngood\n");
    expect(all(["txn"], input).out).toBe("FAILURE\n\nOK\n");
  });

  test("endpoint status as a table names one leader", () => {
    const { out, code } = all(["endpoint", "status", "-w", "table"]);
    expect(code).toBe(0);
    const rows = out.split("\n").filter((line) => line.includes("127.0.0.1:"));
    expect(rows).toHaveLength(3);
    expect(rows.filter((row) => / true \|/.test(row))).toHaveLength(1);
    expect(rows.every((row) => row.includes("3.6.0"))).toBe(true);
  });

  test("endpoint health of every member", () => {
    const { error, out, code } = all(["endpoint", "health"]);
    expect(code).toBe(0);
    for (const endpoint of cluster.endpoints) {
      expect(`${out}${error}`).toContain(`${endpoint} is healthy: successfully committed proposal`);
    }
  });

  test("member list", () => {
    const lines = all(["member", "list"]).out.trim().split("\n").sort();
    const shown = lines.map((line) => line.replace(/^[0-9a-f]+, /, ""));
    expect(shown.sort()).toEqual(
      cluster.members.map(
        ({ name, peerPort, endpoint }) =>
          `started, ${name}, http://127.0.0.1:${peerPort}, http://${endpoint}, false`,
      ),
    );
  });

  test("what the cluster refuses ends with 1 and the reason", () => {
    const refused = all(["put", "", "x"]);
    expect(refused.code).toBe(1);
    expect(refused.error).toContain("etcdserver: key is not provided");
  });

  test.each([0, 1, 2])("leases and their keys through member %i, whoever leads", (place) => {
    const one = (args: readonly string[]): Said => etcdctl([cluster.member(place).endpoint], args);
    const granted = one(["lease", "grant", "60"]).out;
    const [, id] = /^lease ([0-9a-f]+) granted with TTL\(60s\)\n$/.exec(granted) ?? [];
    expect(one(["put", "leased", "1", `--lease=${id}`]).out).toBe("OK\n");
    expect(one(["lease", "timetolive", `${id}`, "--keys"]).out).toMatch(
      new RegExp(
        `^lease ${id} granted with TTL\\(60s\\), remaining\\((59|60)s\\), attached keys\\(\\[leased\\]\\)`,
      ),
    );
    expect(one(["lease", "keep-alive", "--once", `${id}`]).out).toBe(
      `lease ${id} keepalived with TTL(60)\n`,
    );
    expect(one(["lease", "revoke", `${id}`]).out).toBe(`lease ${id} revoked\n`);
    expect(one(["get", "leased"]).out).toBe("");
  });
});
