import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  Client,
  ClientError,
  exists,
  getting,
  isMissing,
  jsonCodec,
  putting,
  textCodec,
  toText,
  type WatchBatch,
} from "../../../packages/client/src/index.ts";
import { SERVERS, type Served } from "./servers.ts";

const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : toText(bytes);

async function failureOf(promise: Promise<unknown>): Promise<ClientError> {
  const error = await promise.then(
    () => new Error("the call succeeded"),
    (reason: unknown) => reason,
  );
  if (error instanceof ClientError) return error;
  throw error;
}

/** The first events of a watch, that many. */
async function eventsOf(batches: AsyncIterable<WatchBatch>, count: number): Promise<string[]> {
  const seen: string[] = [];
  for await (const { events } of batches) {
    for (const { type, kv } of events) seen.push(`${type} ${toText(kv.key)} ${toText(kv.value)}`);
    if (seen.length >= count) break;
  }
  return seen;
}

describe.each(SERVERS)("the client with $name", ({ name, installed, start }) => {
  if (!installed) {
    test.skip(`${name} is not installed`);
    return;
  }
  let served: Served;
  let client: Client;
  beforeAll(async () => {
    served = await start();
    client = new Client({ endpoints: [served.endpoint] });
  });
  afterAll(async () => {
    client.close();
    await served.stop();
  });

  test("keys: put, get, delete, with what was there before", async () => {
    expect((await client.put("k/a", "1")).prevKv).toBeUndefined();
    expect(text((await client.put("k/a", "2", { prevKv: true })).prevKv?.value)).toBe("1");
    await client.put("k/b", "3");
    const both = await client.get("k/", { prefix: true, sort: { by: "key", descending: true } });
    expect(both.kvs.map(({ key }) => toText(key))).toEqual(["k/b", "k/a"]);
    expect(text((await client.find("k/a"))?.value)).toBe("2");
    expect(await client.find("k/none")).toBeUndefined();
    const deleted = await client.delete("k/", { prefix: true, prevKv: true });
    expect(deleted.deleted).toBe(2);
    expect(deleted.prevKvs.map(({ value }) => toText(value))).toEqual(["2", "3"]);
  });

  test("pages: everything once, as of one revision, though others write meanwhile", async () => {
    for (let i = 0; i < 25; i += 1) await client.put(`p/${String(i).padStart(2, "0")}`, `${i}`);
    const seen: string[] = [];
    const sizes: number[] = [];
    for await (const page of client.pages("p/", { prefix: true, size: 10 })) {
      sizes.push(page.kvs.length);
      expect(page.count).toBe(25);
      seen.push(...page.kvs.map(({ value }) => toText(value)));
      await client.put("p/24x", "later");
    }
    expect(sizes).toEqual([10, 10, 5]);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `${i}`));
  });

  test("transactions answer with the types of their operations", async () => {
    const create = client
      .transact()
      .when(isMissing("t/a"))
      .do(putting("t/a", "first"), getting("t/a"))
      .otherwise(getting("t/a"));
    const first = await create.commit();
    if (!first.succeeded) throw new Error("it existed");
    expect(first.answers[1].kvs.map(({ value }) => toText(value))).toEqual(["first"]);
    const second = await create.commit();
    if (second.succeeded) throw new Error("it was created twice");
    expect(second.answers[0].count).toBe(1);
    expect((await client.transact().when(exists("t/a")).commit()).succeeded).toBe(true);
  });

  test("a namespace sees its own keys only, under their own names", async () => {
    const [left, right] = [client.namespace("left/"), client.namespace("right/")];
    await left.put("x", "l");
    await right.put("x", "r");
    await client.put("lefu", "next to it");
    for (const options of [{ prefix: true }, { fromKey: true }]) {
      const { kvs } = await left.get("", options);
      expect(kvs.map(({ key, value }) => `${toText(key)}=${toText(value)}`)).toEqual(["x=l"]);
    }
    const { answers } = await right
      .transact()
      .when(exists("x"))
      .do(getting("x"), putting("y", "2", { prevKv: true }))
      .commit();
    expect(answers[0]?.kvs?.map(({ key }) => toText(key))).toEqual(["x"]);
    const watch = right.watch("", { prefix: true });
    await watch.begun;
    await left.put("x", "not seen");
    await right.put("z", "seen");
    expect(await eventsOf(watch, 1)).toEqual(["put z seen"]);
    expect((await failureOf(left.get(""))).code).toBe("INVALID_ARGUMENT");
    expect((await left.delete("", { prefix: true })).deleted).toBe(1);
    expect(text((await client.find("right/x"))?.value)).toBe("r");
  });

  test("collections: typed values, conditional writes, updates in parallel", async () => {
    const counters = client.collection("c/", jsonCodec<{ n: number }>());
    expect(await counters.put("one", { n: 1 }, { ifRevision: 0 })).toBeTypeOf("number");
    expect(await counters.put("one", { n: 2 }, { ifRevision: 0 })).toBeUndefined();
    await Promise.all(
      Array.from({ length: 8 }, () =>
        counters.update("one", (value) => ({ n: (value?.n ?? 0) + 1 })),
      ),
    );
    expect((await counters.get("one"))?.value).toEqual({ n: 9 });
    const listed: string[] = [];
    for await (const { id } of counters.list()) listed.push(id);
    expect(listed).toEqual(["one"]);
    await client.put("c/broken", "{");
    expect(await failureOf(counters.get("broken"))).toMatchObject({ code: "UNDECODABLE" });
    expect(await counters.delete("one")).toBe(true);
    expect(await counters.delete("one")).toBe(false);
    const texts = client.collection("texts/", textCodec);
    await texts.put("a", "ü");
    expect((await texts.get("a"))?.value).toBe("ü");
  });

  test("watches: from a revision, filters, progress, and compaction as an error with its revision", async () => {
    const { header } = await client.put("w/a", "1");
    const first = header?.revision ?? 0;
    await client.put("w/a", "2");
    await client.delete("w/a");
    const all = client.watch("w/", { prefix: true, fromRevision: first, prevKv: true });
    expect(await eventsOf(all, 3)).toEqual(["put w/a 1", "put w/a 2", "delete w/a "]);
    const deletes = client.watch("w/", { prefix: true, fromRevision: first, without: "puts" });
    expect(await eventsOf(deletes, 1)).toEqual(["delete w/a "]);
    await client.maintenance.compact(first + 1);
    const tooLate = eventsOf(client.watch("w/a", { fromRevision: first }), 1);
    const error = await failureOf(tooLate);
    expect(error).toMatchObject({ code: "COMPACTED", outcome: "notApplied" });
    expect(error.compactRevision).toBe(first + 1);
  });

  test("a watch ends when it is closed, aborted, or left", async () => {
    const controller = new AbortController();
    const aborted = client.watch("w/", { prefix: true, signal: controller.signal });
    await aborted.begun;
    controller.abort();
    expect(await eventsOf(aborted, 1)).toEqual([]);
    const closed = client.watch("w/", { prefix: true });
    closed.close();
    expect(await eventsOf(closed, 1)).toEqual([]);
  });

  test("leases: kept alive beyond their life, revoked with their keys, lost when the cluster drops them", async () => {
    const lease = await client.leases.grant({ ttlSeconds: 2 });
    await client.put("l/a", "x", { lease: lease.id });
    const until = performance.now() + 3_500;
    const ended = new Promise<void>((resolve) => {
      const look = (): void => {
        if (performance.now() >= until || lease.lost.aborted) resolve();
        else setTimeout(look, 50);
      };
      look();
    });
    await ended;
    expect(lease.lost.aborted).toBe(false);
    expect(lease.remainingMs).toBeGreaterThan(0);
    expect(text((await client.find("l/a"))?.value)).toBe("x");
    expect((await client.leases.timeToLive(lease.id, { keys: true })).keys.map(toText)).toEqual([
      "l/a",
    ]);
    await lease.revoke();
    expect(lease.lost.aborted).toBe(true);
    expect(await client.find("l/a")).toBeUndefined();
    const other = await client.leases.grant({ ttlSeconds: 2 });
    await client.leases.revoke(other.id);
    await client.leases.revoke(other.id);
    await new Promise<void>((resolve) => {
      if (other.lost.aborted) resolve();
      else other.lost.addEventListener("abort", () => resolve(), { once: true });
    });
    expect(other.lost.reason).toMatchObject({ code: "LEASE_LOST" });
    expect(await failureOf(client.leases.grant({ ttlSeconds: 0 }))).toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  });

  test("locks: one holder at a time, tokens that grow, late writes that are refused", async () => {
    const first = await client.lock("locks/a");
    let secondHolds = false;
    const waiting = client.lock("locks/a").then((lock) => {
      secondHolds = true;
      return lock;
    });
    const impatient = await failureOf(client.lock("locks/a", { timeoutMs: 300 }));
    expect(impatient).toMatchObject({ code: "TIMEOUT", outcome: "notApplied" });
    expect(secondHolds).toBe(false);
    const write = client.transact().when(first.held).do(putting("locks/data", "by the first"));
    expect((await write.commit()).succeeded).toBe(true);
    await first.release();
    const second = await waiting;
    expect(second.token).toBeGreaterThan(first.token);
    expect((await write.commit()).succeeded).toBe(false);
    await second.release();
    const third = await client.withLock("locks/a", (lock) => Promise.resolve(lock.token));
    expect(third).toBeGreaterThan(second.token);
    expect((await client.get("locks/a/", { prefix: true })).kvs).toEqual([]);
  });

  test("a lock goes on to the next when its holder's lease ends", async () => {
    const lease = await client.leases.grant({ ttlSeconds: 60 });
    const dead = await client.lock("locks/b", { lease });
    const next = client.lock("locks/b");
    await client.leases.revoke(lease.id);
    expect((await next).token).toBeGreaterThan(dead.token);
    await (await next).release();
  });

  test("giving up a wait lets those behind through", async () => {
    const holder = await client.lock("locks/c");
    const controller = new AbortController();
    const givesUp = failureOf(client.lock("locks/c", { signal: controller.signal }));
    const behind = client.lock("locks/c");
    controller.abort();
    expect(await givesUp).toMatchObject({ code: "ABORTED" });
    await holder.release();
    await (await behind).release();
  });

  test("elections: one leader, its word, its successor", async () => {
    const controller = new AbortController();
    const seen: string[] = [];
    const observing = (async () => {
      for await (const { value } of client.observeLeader("e", { signal: controller.signal })) {
        seen.push(toText(value));
        if (seen.length === 3) return;
      }
    })();
    const first = await client.campaign("e", "one");
    const candidacy = client.campaign("e", "two");
    await first.proclaim("one, again");
    expect(text((await client.electedLeader("e"))?.value)).toBe("one, again");
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (seen.length >= 1) resolve();
        else setTimeout(look, 10);
      };
      look();
    });
    await first.resign();
    const second = await candidacy;
    expect(second.token).toBeGreaterThan(first.token);
    expect(await failureOf(first.proclaim("too late"))).toMatchObject({ code: "LEASE_LOST" });
    await second.proclaim("two, again");
    if (seen.at(-1) !== "two, again") await second.proclaim("three");
    await observing;
    controller.abort();
    expect(seen.at(-1)).toMatch(/two|three/);
    await second.resign();
    expect(await client.electedLeader("e")).toBeUndefined();
  });

  test("sessions: writes in parallel, each once, refused ones not at all", async () => {
    const session = await client.openSession();
    const writes = await Promise.all(
      Array.from({ length: 80 }, (_, i) => session.put(`s/${i % 10}`, `${i}`)),
    );
    expect(writes.every(({ response }) => response !== undefined)).toBe(true);
    const { kvs } = await client.get("s/", { prefix: true });
    expect(kvs.map(({ version }) => version)).toEqual(Array.from({ length: 10 }, () => 8));
    const lost = await session.transaction({
      if: [isMissing("s/0")],
      // biome-ignore lint/suspicious/noThenProperty: the word for a branch, on a value nobody awaits
      then: [putting("s/0", "no")],
      otherwise: [getting("s/0")],
    });
    expect(lost.succeeded).toBe(false);
    expect(lost.response?.responses[0]?.response?.kind).toBe("responseRange");
    expect((await session.delete("s/", { prefix: true })).succeeded).toBe(true);
    expect(await failureOf(session.put("", "no key"))).toMatchObject({ outcome: "notApplied" });
    await session.close();
    expect((await client.get("quorate/sessions/", { prefix: true })).kvs).toEqual([]);
    expect(await failureOf(session.put("s/0", "late"))).toMatchObject({ code: "LEASE_LOST" });
  });

  test("members, status, alarms, checksums, a snapshot", async () => {
    const { members } = await client.cluster.list();
    expect(members.map((member) => member.name)).toEqual(["solo"]);
    const status = await client.status(served.endpoint);
    expect(status.leader).toBe(members[0]?.id);
    expect(await client.maintenance.alarms()).toEqual([]);
    expect((await client.maintenance.hash(0)).hash).toBeGreaterThan(0);
    let bytes = 0;
    for await (const { blob } of client.maintenance.snapshot()) bytes += blob.length;
    expect(bytes).toBeGreaterThan(1_000);
    expect(client.endpointHealth()).toMatchObject([{ state: "healthy", connected: true }]);
  });

  test("users: rights are kept to, tokens fetched and renewed", async () => {
    const { auth } = client;
    await auth.addRole("root");
    await auth.addUser("root", "secret");
    await auth.grantRole("root", "root");
    await auth.addRole("reader");
    await auth.permit("reader", "read", "u/", { prefix: true });
    await auth.addUser("ann", "word");
    await auth.grantRole("ann", "reader");
    expect(await auth.rolesOf("ann")).toEqual(["reader"]);
    expect(await auth.permissionsOf("reader")).toHaveLength(1);
    await client.put("u/a", "1");
    await auth.enable();
    const root = new Client({
      endpoints: [served.endpoint],
      user: { name: "root", password: "secret" },
    });
    const ann = new Client({
      endpoints: [served.endpoint],
      user: { name: "ann", password: "word" },
    });
    try {
      expect(text((await ann.find("u/a"))?.value)).toBe("1");
      expect(await failureOf(ann.put("u/a", "2"))).toMatchObject({
        code: "REFUSED",
        outcome: "notApplied",
        status: 7,
      });
      const watch = ann.watch("u/", { prefix: true });
      await watch.begun;
      // A change of the users makes tokens old; calls and watches go on with new ones.
      await root.auth.addUser("bob", "b");
      await root.put("u/b", "2");
      expect(await eventsOf(watch, 1)).toEqual(["put u/b 2"]);
      expect((await ann.get("u/", { prefix: true })).count).toBe(2);
      expect(await failureOf(client.get("u/a"))).toMatchObject({ code: "REFUSED" });
      const stranger = new Client({
        endpoints: [served.endpoint],
        user: { name: "ann", password: "wrong" },
      });
      expect(await failureOf(stranger.put("u/a", "3"))).toMatchObject({ outcome: "notApplied" });
      stranger.close();
    } finally {
      await root.auth.disable();
      root.close();
      ann.close();
    }
  });
});
