import { join } from "node:path";
import { Client, toText } from "@quorate/client";
import { afterEach, expect, test } from "vitest";
import { freePorts, ProcessCluster, QuorateProcess } from "./member-process.ts";

let cluster: ProcessCluster | undefined;
const started: QuorateProcess[] = [];
afterEach(async () => {
  await Promise.all(started.map((member) => member.stop("SIGKILL")));
  await cluster?.remove();
});

test("three members begin with a saved state, and a fourth that joins later gets it, too", async () => {
  cluster = await ProcessCluster.create(3);
  const [client, peer] = await freePorts(2);
  const source = new QuorateProcess([
    "serve",
    `--data-dir=${join(cluster.folder, "source")}`,
    `--listen-client-urls=http://127.0.0.1:${client}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
  ]);
  started.push(source);
  await source.said("ready to serve client requests");
  const old = new Client({ endpoints: [`127.0.0.1:${client}`] });
  await old.put("kept", "1");
  const { header } = await old.put("kept", "2");
  const file = join(cluster.folder, "saved.db");
  const quorate = async (...args: readonly string[]): Promise<readonly string[]> => {
    const run = new QuorateProcess(args);
    expect([(await run.ended).code, run.lines]).toEqual([0, expect.anything()]);
    return run.lines;
  };
  await quorate("--endpoints", `127.0.0.1:${client}`, "snapshot", "save", file);
  old.close();
  for (const member of cluster.members) {
    const words = cluster
      .flags(member)
      .filter((word) =>
        /^--(name|initial-cluster|initial-cluster-token|initial-advertise-peer-urls)=/.test(word),
      );
    await quorate("snapshot", "restore", file, "--data-dir", member.dataDir, ...words);
  }
  await cluster.startAll();
  const restored = new Client({ endpoints: cluster.endpoints, timeoutMs: 20_000 });
  const [kv] = (await restored.get("kept")).kvs;
  expect([toText(kv?.value ?? new Uint8Array()), kv?.modRevision, kv?.version]).toEqual([
    "2",
    header?.revision,
    2,
  ]);
  // History came along, and revisions go on where they stopped.
  expect((await restored.get("kept", { revision: (header?.revision ?? 0) - 1 })).count).toBe(1);
  expect((await restored.put("new", "3")).header?.revision).toBe((header?.revision ?? 0) + 1);

  const [newClient, newPeer] = await freePorts(2);
  const late = new QuorateProcess([
    "serve",
    "--name=late",
    `--data-dir=${join(cluster.folder, "late")}`,
    `--listen-client-urls=http://127.0.0.1:${newClient}`,
    `--listen-peer-urls=http://127.0.0.1:${newPeer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${newPeer}`,
    `--join=http://127.0.0.1:${cluster.member(1).peerPort}`,
  ]);
  started.push(late);
  await late.said("ready to serve client requests");
  const there = new Client({ endpoints: [`127.0.0.1:${newClient}`], timeoutMs: 20_000 });
  await expect
    .poll(async () => (await there.get("kept", { serializable: true })).count, { timeout: 20_000 })
    .toBe(1);
  // Nobody had to give it its vote.
  const votes = (): boolean => late.lines.some((line) => line.includes('"voters":[1,2,3,4]'));
  await expect.poll(votes, { timeout: 20_000 }).toBe(true);
  there.close();
  restored.close();
});
