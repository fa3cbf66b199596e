import { ClusterService as Cluster, KVService as KV, utf8 } from "@quorate/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Api } from "../member/api.ts";
import { freePorts, ProcessCluster, QuorateProcess } from "./member-process.ts";

let cluster: ProcessCluster;
let api: Api;
const started: QuorateProcess[] = [];

beforeAll(async () => {
  cluster = await ProcessCluster.create(1);
  await cluster.startAll();
  api = new Api(cluster.member(0).endpoint);
});

afterAll(async () => {
  api.close();
  await Promise.all(started.map((member) => member.stop("SIGKILL")));
  await cluster.remove();
});

interface Joined {
  readonly id: bigint;
  readonly api: Api;
  readonly process: QuorateProcess;
}

/** Adds a member the way operators do, then starts it with the line that etcdctl prints. */
async function join(name: string, isLearner: boolean): Promise<Joined> {
  const [clientPort, peerPort] = await freePorts(2);
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const { member, members } = await api.call(Cluster.memberAdd, { peerUrls: [peerUrl], isLearner });
  const id = member?.id ?? 0n;
  const entries = members.map(
    (known) => `${known.id === id ? name : known.name}=${known.peerUrls[0]}`,
  );
  const process = new QuorateProcess([
    "serve",
    `--name=${name}`,
    `--data-dir=${cluster.folder}/${name}`,
    `--listen-client-urls=http://127.0.0.1:${clientPort}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=${entries.join(",")}`,
    "--initial-cluster-state=existing",
  ]);
  started.push(process);
  await process.said("ready to serve client requests");
  return { id, api: new Api(`127.0.0.1:${clientPort}`), process };
}

async function names(from: Api): Promise<readonly string[]> {
  const { members } = await from.call(Cluster.memberList, { linearizable: true });
  return members.map(({ name, isLearner }) => `${name}${isLearner ? " learns" : ""}`).sort();
}

test("a member on its own becomes three, a learner among them, and shrinks again", async () => {
  await api.call(KV.put, { key: utf8("old"), value: utf8("1") });
  const second = await join("n2", false);
  const third = await join("n3", true);
  expect(await names(second.api)).toEqual(["n1", "n2", "n3 learns"]);

  // The second one votes by itself once it has caught up; until then nothing depends on it.
  const votes = (): boolean =>
    second.process.lines.some((line) => /"voters":\[1,2\].*membership is in force/.test(line));
  await expect.poll(votes, { timeout: 20_000 }).toBe(true);
  expect((await second.api.call(KV.range, { key: utf8("old") })).count).toBe(1);

  // A learner serves what is local and nothing else, until it is promoted.
  const asked = { key: utf8("old") };
  expect(await third.api.failure(KV.range, asked)).toEqual({
    code: 9,
    details: "etcdserver: rpc not supported for learner",
  });
  await expect
    .poll(async () => (await third.api.call(KV.range, { ...asked, serializable: true })).count)
    .toBe(1);
  expect(await third.api.failure(KV.put, asked)).toMatchObject({ code: 9 });
  await expect
    .poll(async () => (await api.failure(Cluster.memberPromote, { id: third.id })).code, {
      timeout: 20_000,
    })
    .toBe(0);
  expect(await names(api)).toEqual(["n1", "n2", "n3"]);
  await expect
    .poll(async () => (await third.api.failure(KV.range, asked)).code, { timeout: 10_000 })
    .toBe(0);
  expect(await api.failure(Cluster.memberPromote, { id: third.id })).toEqual({
    code: 9,
    details: "etcdserver: can only promote a learner member",
  });

  // Whoever is removed ends by itself, in order.
  await api.call(Cluster.memberRemove, { id: second.id });
  expect(await second.process.ended).toEqual({ code: 0, signal: null });
  expect(await names(third.api)).toEqual(["n1", "n3"]);
  await third.api.call(KV.put, { key: utf8("new"), value: utf8("2") });
  second.api.close();
  third.api.close();
});

test("somebody who was not added cannot join", async () => {
  const [clientPort, peerPort] = await freePorts(2);
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const stranger = new QuorateProcess([
    "serve",
    "--name=stranger",
    `--data-dir=${cluster.folder}/stranger`,
    `--listen-client-urls=http://127.0.0.1:${clientPort}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-cluster=n1=http://127.0.0.1:${cluster.member(0).peerPort},stranger=${peerUrl}`,
    "--initial-cluster-state=existing",
  ]);
  started.push(stranger);
  expect((await stranger.ended).code).toBe(2);
  expect(stranger.lines.at(-1)).toMatch(
    /^Cluster [0-9a-f]+ has no member with the peer URL http:\/\/127\.0\.0\.1:\d+: add it first/,
  );
});
