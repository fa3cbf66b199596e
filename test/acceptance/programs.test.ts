import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LocalCluster } from "../../scripts/local-cluster.mjs";
import { run, startThree } from "./members.ts";

/**
 * Programs that judge any server of the etcd v3 API and that real etcd passes. They are no part of this repository: a
 * copy is expected beside the clone, or where QUORATE_ACCEPTANCE_DIR says.
 */
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROGRAMS =
  process.env["QUORATE_ACCEPTANCE_DIR"] ?? join(dirname(join(ROOT, ".")), "shared/etcd/tools");
const REQUIRED = process.env["QUORATE_REQUIRE_ALL"] === "1";
const TIME_MAX_MS = 300_000;

function reasonToSkip(): string | undefined {
  if (!existsSync(join(PROGRAMS, "etcd-conformance.mjs"))) return `${PROGRAMS} has no programs`;
  if (!existsSync(join(ROOT, "node_modules/@grpc/proto-loader"))) {
    return "@grpc/proto-loader is not installed";
  }
  return undefined;
}

const hasEtcdctl = spawnSync("etcdctl", ["version"]).error === undefined;
const reason = reasonToSkip();
if (reason !== undefined) process.stdout.write(`acceptance programs skipped: ${reason}\n`);
else if (!hasEtcdctl) process.stdout.write("etcdctl-tour skipped: etcdctl is not installed\n");

/** `kill N` and `start N` for a program that wants to end members: a line of curl to this process. */
async function controlOf(cluster: LocalCluster): Promise<Server & { readonly url: string }> {
  const server = createServer((request, response) => {
    const [, what, place] = (request.url ?? "").split("/");
    const member = cluster.members[Number(place)];
    if (member === undefined || (what !== "kill" && what !== "start")) {
      response.writeHead(404).end();
      return;
    }
    const done = what === "kill" ? cluster.kill(member) : cluster.start(member);
    Promise.resolve(done).then(
      () => response.end(),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return Object.assign(server, { url: `http://127.0.0.1:${port}` });
}

/** The endpoint whose member leads: some refusals are worded for leaders. */
async function leaderOf(cluster: LocalCluster): Promise<string> {
  for (const endpoint of cluster.endpoints) {
    const answer = await fetch(`http://${endpoint}/v3/maintenance/status`, { method: "POST" });
    const { header, leader } = (await answer.json()) as {
      readonly header: { readonly member_id: string };
      readonly leader: string;
    };
    if (leader === header.member_id) return endpoint;
  }
  throw new Error("nobody leads");
}

test("the acceptance programs are there where nothing may be skipped", () => {
  if (REQUIRED) expect(reason).toBeUndefined();
});

describe.skipIf(reason !== undefined)("programs that real etcd passes", () => {
  let folder = "";
  let calm: Awaited<ReturnType<typeof startThree>>;
  let shaken: Awaited<ReturnType<typeof startThree>>;
  let control: Awaited<ReturnType<typeof controlOf>>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "quorate-programs-"));
    for (const name of readdirSync(PROGRAMS).filter((file) => file.endsWith(".mjs"))) {
      cpSync(join(PROGRAMS, name), join(folder, name));
    }
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    [calm, shaken] = await Promise.all([startThree(26_400), startThree(26_450)]);
    control = await controlOf(shaken.cluster);
    const ask = `fetch("${control.url}/" + process.argv.slice(1).join("/"))`;
    const line = `#!/bin/sh\nexec ${process.execPath} -e '${ask}' "$1" "$2"\n`;
    writeFileSync(join(folder, "control.sh"), line, { mode: 0o755 });
  });
  afterAll(async () => {
    control.close();
    await Promise.all([calm.stop(), shaken.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  async function report(program: string, ...args: readonly string[]): Promise<string> {
    const { output, errors } = await run(
      process.execPath,
      [join(folder, program), ...args],
      "",
      TIME_MAX_MS,
    );
    const lines = output.trim().split("\n");
    const failures = lines.filter((line) => line.startsWith("not ok") || line.startsWith("  - "));
    return [...failures, lines.at(-1) ?? errors].join("\n");
  }

  test.concurrent(
    "single calls, then every command of etcdctl, on three members",
    async ({ expect }) => {
      const endpoint = await leaderOf(calm.cluster);
      expect(
        await report("etcd-conformance.mjs", "--endpoint", endpoint, "--profile", "3.6"),
      ).toMatch(/^etcd-conformance: \d{3} passed, 0 failed/);
      if (!hasEtcdctl) {
        expect(REQUIRED).toBe(false);
        return;
      }
      // What etcdctl itself reads from a saved file is etcd's own database: ours is restored by quorate snapshot restore.
      expect(
        await report(
          "etcdctl-tour.mjs",
          "--endpoint",
          endpoint,
          "--mirror",
          "--no-snapshot-status",
        ),
      ).toMatch(/^etcdctl-tour: \d{2} passed, 0 failed/);
    },
    TIME_MAX_MS,
  );

  test.concurrent(
    "members that die and come back",
    async ({ expect }) => {
      expect(
        await report(
          "etcd-cluster-conformance.mjs",
          "--endpoints",
          shaken.cluster.endpoints.join(","),
          "--profile",
          "3.6",
          "--node-cmd",
          join(folder, "control.sh"),
        ),
      ).toMatch(/^etcd-cluster-conformance: \d{2} passed, 0 failed/);
    },
    TIME_MAX_MS,
  );
});
