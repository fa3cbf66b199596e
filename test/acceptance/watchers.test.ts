import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Client, type Watch } from "../../packages/client/src/index.ts";
import type { LocalMember } from "../../scripts/local-cluster.mjs";
import { startThree } from "./members.ts";

const BASE_PORT = 26_700;
const WATCHERS = 1000;
const KEYS = 100;
const WRITERS = 50;
const KILLS = 5;
/** Writes that succeed before and after each kill. */
const WRITES_BETWEEN = 150;
/** Connections that the watchers share. */
const CLIENTS = 4;
const TIME_MAX_MS = 240_000;

const keyOf = (number: number): string => `many/${number % KEYS}`;

let cluster: Awaited<ReturnType<typeof startThree>>;
let writing: Client;
let watching: readonly Client[];
beforeAll(async () => {
  cluster = await startThree(BASE_PORT);
  const { endpoints } = cluster.cluster;
  writing = new Client({ endpoints, timeoutMs: 20_000 });
  watching = Array.from({ length: CLIENTS }, () => new Client({ endpoints, timeoutMs: 20_000 }));
});
afterAll(async () => {
  for (const client of [writing, ...watching]) client.close();
  await cluster.stop();
});

async function leader(): Promise<LocalMember> {
  for (;;) {
    for (const member of cluster.cluster.members) {
      const status = await writing
        .status(member.endpoint, { timeoutMs: 1000 })
        .catch(() => undefined);
      if (status !== undefined && status.leader === status.header?.memberId) return member;
    }
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Resident megabytes of each member. */
function memory(): string {
  return cluster.cluster.members
    .map((member) => {
      const status = readFileSync(`/proc/${cluster.cluster.pidOf(member)}/status`, "utf8");
      return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024);
    })
    .join(", ");
}

/** Events as short text, in the order they come. */
function collect(watch: Watch): { readonly seen: string[]; readonly done: Promise<void> } {
  const seen: string[] = [];
  const done = (async () => {
    for await (const { events } of watch) {
      for (const { type, kv } of events) {
        seen.push(`${kv.modRevision} ${type} ${kv.version} ${Buffer.from(kv.value)}`);
      }
    }
  })();
  return { seen, done };
}

test("a thousand watchers see every event once and in order while the leader is killed five times", {
  timeout: TIME_MAX_MS,
}, async () => {
  const before = memory();
  const watches = Array.from({ length: WATCHERS }, (_, number) =>
    (watching[number % CLIENTS] as Client).watch(keyOf(number)),
  );
  const begun = await Promise.all(watches.map((watch) => watch.begun));
  expect(Math.max(...begun)).toBe(1);
  const watchers = watches.map(collect);

  let over = false;
  const acknowledged: string[] = [];
  const write = async (writer: number): Promise<void> => {
    for (let n = 0; !over; n += 1) {
      const value = `${writer}/${n}`;
      const key = keyOf(writer + n * WRITERS + Math.floor((n * WRITERS) / KEYS));
      // One that fails may have happened or not: what counts in the end is what the members have.
      await writing.put(key, value).then(
        () => acknowledged.push(`${key} ${value}`),
        () => undefined,
      );
    }
  };
  const writers = Array.from({ length: WRITERS }, (_, writer) => write(writer));
  for (let kill = 0; kill < KILLS; kill += 1) {
    const atStart = acknowledged.length;
    await until(() => acknowledged.length >= atStart + WRITES_BETWEEN);
    const member = await leader();
    await cluster.cluster.kill(member);
    const atKill = acknowledged.length;
    await until(() => acknowledged.length >= atKill + WRITES_BETWEEN);
    cluster.cluster.start(member);
    await cluster.cluster.ready(member);
  }
  over = true;
  await Promise.all(writers);

  // What happened, from the history that the members keep.
  const ends = await Promise.all(
    Array.from({ length: KEYS }, (_, key) => writing.put(keyOf(key), "the end")),
  );
  const truth = await Promise.all(
    ends.map(async ({ header }, key) => {
      const watch = writing.watch(keyOf(key), { fromRevision: 2 });
      const { seen, done } = collect(watch);
      await until(() => seen.at(-1)?.startsWith(`${header?.revision} `) === true);
      watch.close();
      await done;
      return seen;
    }),
  );
  const versions = truth.map((events) => events.map((event) => Number(event.split(" ")[2])));
  for (const list of versions) expect(list).toEqual(list.map((_, at) => at + 1));
  const happened = new Set(
    truth.flatMap((events, key) => events.map((event) => `${keyOf(key)} ${event.split(" ")[3]}`)),
  );
  expect(acknowledged.filter((one) => !happened.has(one))).toEqual([]);

  await until(() => watchers.every(({ seen }) => seen.at(-1)?.endsWith("the end") === true));
  const during = memory();
  for (const watch of watches) watch.close();
  await Promise.all(watchers.map(({ done }) => done));
  const wrong = watchers
    .map(({ seen }, number) => ({ number, seen, expected: truth[number % KEYS] ?? [] }))
    .filter(({ seen, expected }) => seen.join() !== expected.join())
    .map(({ number, seen, expected }) => `${number}: ${seen.length} of ${expected.length} events`);
  expect(wrong).toEqual([]);

  const events = truth.reduce((sum, { length }) => sum + length, 0);
  process.stdout.write(
    `${events} events, ${acknowledged.length} acknowledged, ${KILLS} leaders killed; resident MB of the members: ` +
      `${before} before, ${during} with ${WATCHERS} watchers at the end\n`,
  );
});
