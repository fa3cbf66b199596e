import { Client, toText } from "@quorate/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProcessCluster } from "./member-process.ts";

let cluster: ProcessCluster;
let client: Client;

beforeAll(async () => {
  cluster = await ProcessCluster.create(3);
  await cluster.startAll();
  client = new Client({ endpoints: cluster.endpoints, timeoutMs: 20_000 });
});

afterAll(async () => {
  client.close();
  await cluster.remove();
});

async function textOf(key: string, from: Client = client): Promise<string | undefined> {
  const { kvs } = await from.get(key);
  const [kv] = kvs;
  return kv === undefined ? undefined : toText(kv.value);
}

/** The place of the member that all reachable members take for the leader. */
async function leaderPlace(): Promise<number> {
  const until = Date.now() + 20_000;
  for (;;) {
    const found = await Promise.all(
      cluster.endpoints.map(async (endpoint) => {
        try {
          return await client.status(endpoint, { timeoutMs: 1000 });
        } catch {
          return undefined;
        }
      }),
    );
    const place = found.findIndex(
      (status) => status?.header?.memberId === status?.leader && status !== undefined,
    );
    if (place >= 0) return place;
    if (Date.now() > until) throw new Error("no member leads");
  }
}

describe("three members in processes of their own", () => {
  test("a value put through one member is read through every member", async () => {
    const { header } = await client.put("greeting", "hello");
    expect(header?.revision).toBeGreaterThan(1);
    for (const endpoint of cluster.endpoints) {
      const one = new Client({ endpoints: [endpoint] });
      expect(await textOf("greeting", one)).toBe("hello");
      one.close();
    }
  });

  test("every member takes writes, and the revisions make one line", async () => {
    const revisions: number[] = [];
    for (const endpoint of cluster.endpoints) {
      const one = new Client({ endpoints: [endpoint] });
      const { header } = await one.put("taken", endpoint);
      revisions.push(header?.revision ?? 0);
      one.close();
    }
    const [first = 0] = revisions;
    expect(revisions).toEqual([first, first + 1, first + 2]);
  });

  test("a transaction, a range, a deletion", async () => {
    const create = {
      if: [{ key: "once", target: "version", is: "=", to: 0 }],
      // biome-ignore lint/suspicious/noThenProperty: the word for a branch, on a value nobody awaits
      then: [{ type: "put", key: "once", value: "1" }],
      otherwise: [{ type: "get", key: "once" }],
    } as const;
    expect((await client.transaction(create)).succeeded).toBe(true);
    expect((await client.transaction(create)).succeeded).toBe(false);
    for (const key of ["list/a", "list/b", "list/c"]) await client.put(key, key);
    const listed = await client.get("list/", { prefix: true, limit: 2 });
    expect([listed.count, listed.more, listed.kvs.map(({ key }) => toText(key))]).toEqual([
      3,
      true,
      ["list/a", "list/b"],
    ]);
    const { deleted, prevKvs } = await client.delete("list/", { prefix: true, prevKv: true });
    expect([deleted, prevKvs.length]).toEqual([3, 3]);
  });

  test("all members list the same members, and themselves as started", async () => {
    const { members } = await client.members();
    expect(members.map(({ name, clientUrls }) => [name, clientUrls[0]]).sort()).toEqual(
      cluster.members.map(({ name, endpoint }) => [name, `http://${endpoint}`]),
    );
    const statuses = await Promise.all(
      cluster.endpoints.map((endpoint) => client.status(endpoint)),
    );
    expect(new Set(statuses.map(({ leader }) => leader)).size).toBe(1);
    expect(new Set(statuses.map(({ header }) => header?.clusterId)).size).toBe(1);
    expect(new Set(statuses.map(({ header }) => header?.memberId)).size).toBe(3);
  });

  test("health and version stand beside gRPC on the client port", async () => {
    for (const endpoint of cluster.endpoints) {
      const health = await fetch(`http://${endpoint}/health`);
      expect([health.status, await health.json()]).toEqual([200, { health: "true", reason: "" }]);
      const version = await fetch(`http://${endpoint}/version`);
      expect(await version.json()).toMatchObject({ etcdserver: "3.6.0", etcdcluster: "3.6.0" });
      const ready = await fetch(`http://${endpoint}/readyz?verbose`);
      expect(await ready.text()).toContain("[+]linearizable_read ok");
    }
  });

  test("a leader that is killed is replaced, and comes back with everything", async () => {
    await client.put("before", "kept");
    const killed = await leaderPlace();
    await cluster.process(killed).stop("SIGKILL");
    // Through a member that lives: the first answer may have to wait for the election.
    const others = cluster.endpoints.filter((_, place) => place !== killed);
    const survivors = new Client({ endpoints: others, timeoutMs: 30_000 });
    await survivors.put("while-away", "1");
    expect(await textOf("before", survivors)).toBe("kept");
    await cluster.start(killed).said("ready to serve client requests");
    const back = new Client({ endpoints: [cluster.member(killed).endpoint], timeoutMs: 20_000 });
    expect([await textOf("before", back), await textOf("while-away", back)]).toEqual(["kept", "1"]);
    survivors.close();
    back.close();
  });

  test("a leader that is asked to stop hands over and ends with 0", async () => {
    const stopped = await leaderPlace();
    const ended = await cluster.process(stopped).stop("SIGTERM");
    expect(ended).toEqual({ code: 0, signal: null });
    const others = cluster.endpoints.filter((_, place) => place !== stopped);
    const rest = new Client({ endpoints: others, timeoutMs: 20_000 });
    await rest.put("after-stop", "1");
    await cluster.start(stopped).said("ready to serve client requests");
    rest.close();
  });

  test("nobody says anything at level error in all this", () => {
    const errors = cluster.members
      .flatMap((_, place) => cluster.process(place).lines)
      .filter((line) => /"level":"(error|fatal)"/.test(line));
    expect(errors).toEqual([]);
  });

  test("all members stop and come back with every key", async () => {
    await client.put("last", "word");
    const ends = await Promise.all(
      cluster.members.map((_, place) => cluster.process(place).stop()),
    );
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    await cluster.startAll();
    const fresh = new Client({ endpoints: cluster.endpoints, timeoutMs: 20_000 });
    expect(await textOf("last", fresh)).toBe("word");
    fresh.close();
  });
});
