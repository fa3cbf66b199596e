import { afterAll, beforeAll, expect, test } from "vitest";
import { Client, ClientError, type WriteSession } from "../../../packages/client/src/index.ts";
import { ProcessCluster } from "../../../packages/server/test/processes/member-process.ts";

const MEMBERS = 3;
const KILLS = 4;
/** Writes that succeed between two kills. */
const WRITES_BETWEEN = 60;
const PLAIN_WRITERS = 6;
const SESSION_WRITERS = 4;

interface Write {
  readonly key: string;
  readonly outcome: "applied" | "notApplied" | "unknown";
}

let cluster: ProcessCluster;
let client: Client;
beforeAll(async () => {
  cluster = await ProcessCluster.create(MEMBERS);
  await cluster.startAll();
  client = new Client({ endpoints: cluster.endpoints, timeoutMs: 15_000 });
});
afterAll(async () => {
  client.close();
  await cluster.remove();
});

/** Resolves once `holds` does. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function leaderPlace(): Promise<number> {
  for (;;) {
    const answers = await Promise.all(
      cluster.endpoints.map((endpoint) =>
        client.status(endpoint, { timeoutMs: 1_000 }).catch(() => undefined),
      ),
    );
    const place = answers.findIndex(
      (answer) => answer !== undefined && answer.leader === answer.header?.memberId,
    );
    if (place >= 0) return place;
  }
}

test("leaders are killed again and again: every outcome is what the client said, sessions write once, a watch sees all", {
  timeout: 170_000,
}, async () => {
  const plain: Write[] = [];
  const counts = Array.from({ length: SESSION_WRITERS }, () => 0);
  let over = false;

  const watch = client.watch("h/", { prefix: true });
  await watch.begun;
  const watched = new Map<string, number[]>();
  let watchedUpTo = 0;
  const watching = (async () => {
    for await (const { events, revision } of watch) {
      for (const { kv } of events) {
        const key = Buffer.from(kv.key).toString();
        watched.set(key, [...(watched.get(key) ?? []), kv.modRevision]);
      }
      watchedUpTo = revision;
    }
  })();

  const writePlain = async (writer: number): Promise<void> => {
    for (let n = 0; !over; n += 1) {
      const key = `h/plain/${writer}/${n}`;
      const outcome = await client.put(key, `${n}`, { timeoutMs: 4_000 }).then(
        () => "applied" as const,
        (error: unknown) => {
          if (error instanceof ClientError) return error.outcome;
          throw error;
        },
      );
      plain.push({ key, outcome });
    }
  };
  const writeSession = async (writer: number, session: WriteSession): Promise<void> => {
    while (!over) {
      // Every one must succeed, whoever is killed in the middle of it.
      await session.put(`h/counted/${writer}`, "x", { timeoutMs: 30_000 });
      counts[writer] = (counts[writer] ?? 0) + 1;
    }
  };
  const session = await client.openSession({ ttlSeconds: 60, timeoutMs: 20_000 });
  const writers = [
    ...Array.from({ length: PLAIN_WRITERS }, (_, writer) => writePlain(writer)),
    ...Array.from({ length: SESSION_WRITERS }, (_, writer) => writeSession(writer, session)),
  ];
  const applied = (): number =>
    plain.filter(({ outcome }) => outcome === "applied").length + counts.reduce((a, b) => a + b, 0);

  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = applied();
    await until(() => applied() >= before + WRITES_BETWEEN);
    const place = await leaderPlace();
    await cluster.process(place).stop("SIGKILL");
    const since = applied();
    // The other two go on without it.
    await until(() => applied() >= since + WRITES_BETWEEN);
    await cluster.start(place).said("ready to serve client requests");
  }
  over = true;
  await Promise.all(writers);

  const stored = new Map<string, number>();
  for await (const { kvs } of client.pages("h/", { prefix: true })) {
    for (const { key, version } of kvs) stored.set(Buffer.from(key).toString(), version);
  }
  const wrong = plain.filter(({ key, outcome }) => {
    const times = stored.get(key) ?? 0;
    return (
      times > 1 ||
      (outcome === "applied" && times !== 1) ||
      (outcome === "notApplied" && times !== 0)
    );
  });
  expect(wrong).toEqual([]);
  expect(counts.map((_, writer) => stored.get(`h/counted/${writer}`))).toEqual(counts);
  expect(Math.min(...counts)).toBeGreaterThan(0);

  const last = await client.put("h/last", "");
  await until(() => watchedUpTo >= (last.header?.revision ?? 0));
  watch.close();
  await watching;
  for (const [key, version] of stored) {
    const revisions = watched.get(key) ?? [];
    expect([key, revisions.length, new Set(revisions).size]).toEqual([key, version, version]);
  }
  await session.close();
  const unknown = plain.filter(({ outcome }) => outcome === "unknown").length;
  const refused = plain.filter(({ outcome }) => outcome === "notApplied").length;
  console.log(
    `${plain.length} plain writes (${unknown} unknown, ${refused} not applied), ${counts.join(" + ")} in sessions, ${KILLS} leaders killed`,
  );
});

test("a lock goes on while leaders die, and its tokens only grow", {
  timeout: 120_000,
}, async () => {
  const tokens: number[] = [];
  let holders = 0;
  const contend = async (): Promise<void> => {
    for (let n = 0; n < 4; n += 1) {
      await client.withLock(
        "lock/through/failure",
        async ({ token, held }) => {
          holders += 1;
          expect(holders).toBe(1);
          tokens.push(token);
          const { succeeded } = await client
            .transact()
            .when(held)
            .do({ type: "get", key: "lock/data" })
            .commit({ timeoutMs: 20_000 });
          expect(succeeded).toBe(true);
          holders -= 1;
        },
        { ttlSeconds: 20 },
      );
    }
  };
  const contenders = [contend(), contend(), contend()];
  await until(() => tokens.length >= 2);
  const place = await leaderPlace();
  await cluster.process(place).stop("SIGKILL");
  await Promise.all(contenders);
  await cluster.start(place).said("ready to serve client requests");
  expect(tokens).toHaveLength(12);
  expect(tokens).toEqual([...tokens].sort((a, b) => a - b));
  expect(new Set(tokens).size).toBe(12);
});
