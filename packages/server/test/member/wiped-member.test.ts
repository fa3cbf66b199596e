import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@quorate/client";
import { InspectionService } from "@quorate/protocol";
import { afterAll, expect, test } from "vitest";
import { endCode } from "../../src/cli/serve.ts";
import { ConfigError } from "../../src/config/config-error.ts";
import { loadSettings } from "../../src/config/load.ts";
import type { Settings } from "../../src/config/settings.ts";
import { SILENT } from "../../src/log/logger.ts";
import { Member } from "../../src/member/member.ts";
import { isBlank, type OpenedGroup } from "../../src/member/open-group.ts";
import { Refusals } from "../../src/member/refusals.ts";
import { ReplicatedStore } from "../../src/member/replicated-store.ts";
import { freePorts } from "../processes/member-process.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-wiped-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NAMES: readonly string[] = ["n1", "n2", "n3"];

function settingsOf(name: string, ports: readonly number[]): Settings {
  const place = NAMES.indexOf(name);
  const peer = (index: number): string => `http://127.0.0.1:${ports[3 + index]}`;
  const request = loadSettings(
    [
      `--name=${name}`,
      `--data-dir=${join(folder, name)}`,
      `--listen-client-urls=http://127.0.0.1:${ports[place]}`,
      `--advertise-client-urls=http://127.0.0.1:${ports[place]}`,
      `--listen-peer-urls=${peer(place)}`,
      `--initial-advertise-peer-urls=${peer(place)}`,
      `--initial-cluster=${NAMES.map((each, index) => `${each}=${peer(index)}`).join(",")}`,
    ],
    {},
  );
  if (request.wants !== "serve") throw new Error("these are no settings of a member");
  return request.settings;
}

test("a member whose folder was emptied ends with the sentence of those that turn it away, at every start", async () => {
  const ports = await freePorts(6);
  const start = (name: string): Promise<Member> =>
    Member.start(settingsOf(name, ports), SILENT, () => {});
  const members = await Promise.all(NAMES.map(start));
  const endpoints = ports.slice(0, 2).map((port) => `127.0.0.1:${port}`);
  const client = new Client({ endpoints, timeoutMs: 20_000 });
  try {
    await client.put("acknowledged", "1");
    await members.pop()?.close();
    rmSync(join(folder, "n3"), { recursive: true });
    for (const sentence of [/host 3 came back with other data/, /quorate member remove/]) {
      const refused = await start("n3").then(
        async (member) => {
          await member.close();
          return undefined;
        },
        (error: unknown) => error,
      );
      expect(refused).toBeInstanceOf(ConfigError);
      expect(String(refused)).toMatch(sentence);
    }
    const warnings = await Promise.all(
      endpoints.map(async (at) => {
        const answer = await client.call(InspectionService.explain, {}, "read", { at });
        return answer.warnings.join(" ");
      }),
    );
    expect(warnings.join(" ")).toContain("Turned away n3: host 3 came back with other data");
  } finally {
    client.close();
    await Promise.all(members.map((member) => member.close()));
  }
});

test("only a member that has nothing of the cluster ends for the word of a peer", () => {
  const group = (lastTerm: number, members: number): OpenedGroup =>
    ({
      machine: { directory: { members: () => Array.from({ length: members }) } },
      replica: { status: () => ({ core: { last: { index: 3, term: lastTerm } } }) },
    }) as unknown as OpenedGroup;
  expect(isBlank(group(1, 0))).toBe(true);
  // Entries that are not applied yet, after a crash, are data as well.
  expect(isBlank(group(2, 0))).toBe(false);
  expect(isBlank(group(2, 3))).toBe(false);
});

test("a member that nothing of the cluster has reached does not answer a serializable read as if there were no keys", async () => {
  let hasState = false;
  const store = new ReplicatedStore({
    maxTxnOps: 10,
    hasState: () => hasState,
    callers: { pending: () => undefined, of: () => undefined },
    replica: { query: async () => ({ type: "range" }) },
    standing: { isLearner: false },
  } as unknown as ConstructorParameters<typeof ReplicatedStore>[0]);
  const read = (): Promise<unknown> =>
    store.query({ type: "range", key: Uint8Array.of(1) }, "local", {} as never);
  await expect(read()).rejects.toThrow("etcdserver: no leader");
  hasState = true;
  await expect(read()).resolves.toEqual({ type: "range" });
});

test("refusals are warnings until the two talk, and of members only", () => {
  const refusals = new Refusals();
  const heard: string[] = [];
  const refused = (by: "peer" | "self", peer: number, code: "dataLost" | "clusterMismatch") =>
    refusals.hear({ type: "handshakeRefused", by, peer, code, address: "", reason: `no ${peer}` });
  refused("peer", 1, "dataLost");
  refused("self", 2, "clusterMismatch");
  refused("self", 9, "clusterMismatch");
  refusals.hearOfLostData((reason) => heard.push(reason));
  const warnings = (): readonly string[] => refusals.warnings([1, 2, 3], (member) => `n${member}`);
  expect(warnings()).toEqual(["This member is turned away by n1: no 1.", "Turned away n2: no 2."]);
  refused("peer", 3, "clusterMismatch");
  refused("peer", 2, "dataLost");
  expect(heard).toEqual(["no 1", "no 2"]);
  for (const peer of [1, 2]) refusals.hear({ type: "connected", peer, address: "" });
  expect(warnings()).toEqual(["This member is turned away by n3: no 3."]);
});

test("a member that was turned away ends with the code that a service manager does not start again after", () => {
  expect(endCode({ reason: "turnedAway", error: new ConfigError("no") })).toBe(2);
  expect(endCode({ reason: "removed" })).toBe(0);
  expect(endCode({ reason: "failed", error: new Error("disk") })).toBe(1);
});
