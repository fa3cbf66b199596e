import { once } from "node:events";
import { createRequire } from "node:module";
import {
  type Etcd3,
  EtcdLeaseInvalidError,
  EtcdLockFailedError,
  EtcdRoleExistsError,
  EtcdRoleNotFoundError,
  EtcdRoleNotGrantedError,
  EtcdUserExistsError,
  EtcdUserNotFoundError,
  type IKeyValue,
  type IOptions,
  Range,
  STMConflictError,
} from "etcd3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startThree } from "../members.ts";
import { CutWay, etcd3 } from "./servers.ts";

/** What is left of the promises of the client's own page: each of its builders, isolations, policies and errors. */
const BASE_PORT = 26_700;

/** The policies are those of the library that the client itself takes them from. */
type Policies = NonNullable<IOptions["faultHandling"]>;
interface PolicyLibrary {
  readonly ConsecutiveBreaker: new (failures: number) => unknown;
  readonly ConstantBackoff: new (delayMs: number) => unknown;
  readonly handleAll: unknown;
  circuitBreaker(
    of: unknown,
    options: { readonly halfOpenAfter: number; readonly breaker: unknown },
  ): ReturnType<NonNullable<Policies["host"]>>;
  retry(
    of: unknown,
    options: { readonly maxAttempts: number; readonly backoff: unknown },
  ): NonNullable<Policies["global"]>;
}
const fromHere = createRequire(import.meta.url);
const policies: PolicyLibrary = createRequire(fromHere.resolve("etcd3"))("cockatiel");

const ISOLATIONS = {
  serializableSnapshot: 0,
  serializable: 1,
  repeatableReads: 2,
  readCommitted: 3,
};

let cluster: Awaited<ReturnType<typeof startThree>>;
let client: Etcd3;
beforeAll(async () => {
  cluster = await startThree(BASE_PORT);
  client = etcd3(cluster.cluster.endpoints);
});
afterAll(async () => {
  client.close();
  await cluster.stop();
});
beforeEach(async () => {
  await client.delete().all();
});

describe("reading and writing", () => {
  test("values come as text, numbers, bytes, JSON, and as whether they exist", async () => {
    await client.put("j").value('{"a":[1]}');
    await client.put("n").value(7);
    expect(await client.get("j").json()).toEqual({ a: [1] });
    expect((await client.get("n").buffer())?.toString()).toBe("7");
    expect(await client.get("n").exists()).toBe(true);
    expect(await client.get("missing").exists()).toBe(false);
    expect((await client.get("n").exec()).kvs[0]?.version).toBe("1");
    await client.delete().key("j");
    expect(await client.getAll().numbers()).toEqual({ n: 7 });
    expect(Object.keys(await client.getAll().buffers())).toEqual(["n"]);
    expect(await client.get("n").serializable(true).number()).toBe(7);
  });

  test("ranges by prefix, by both ends, to the end of all keys, and by what changed when", async () => {
    for (const key of ["a", "b1", "b2", "c"]) await client.put(key).value(key);
    const keysIn = (range: Range): Promise<string[]> => client.getAll().inRange(range).keys();
    expect(await keysIn(Range.prefix("b"))).toEqual(["b1", "b2"]);
    expect(await keysIn(Range.from({ start: "b1", end: "c" }))).toEqual(["b1", "b2"]);
    expect(await keysIn(new Range("b2", "\0"))).toEqual(["b2", "c"]);
    const { header } = await client.put("b1").value("again");
    expect(await client.getAll().minModRevision(header.revision).keys()).toEqual(["b1"]);
    expect(await client.getAll().sort("Version", "Descend").limit(1).keys()).toEqual(["b1"]);
    expect(
      (
        await client
          .delete()
          .range(Range.from({ prefix: "b" }))
          .exec()
      ).deleted,
    ).toBe("2");
  });

  test("a touch changes the lease or nothing, and keeps the value", async () => {
    await client.put("t").value("kept");
    const lease = client.lease(60, { autoKeepAlive: false });
    await client.put("t").lease(lease.grant()).touch();
    const { kvs } = await client.get("t").exec();
    expect(kvs[0]?.value.toString()).toBe("kept");
    expect(kvs[0]?.lease).toBe(await lease.grant());
    await client.put("t").value("new").ignoreLease();
    await lease.revoke();
    expect(await client.get("t").string()).toBeNull();
  });

  test("a transaction compares several keys by every column", async () => {
    const { header } = await client.put("k").value("v");
    const done = await client
      .if("k", "Create", "==", Number(header.revision))
      .and("k", "Mod", ">", Number(header.revision) - 1)
      .and("k", "Version", "==", 1)
      .and("k", "Value", "!==", "w")
      .and("none", "Create", "==", 0)
      .then(client.put("k").value("w"), client.delete().key("none"), client.get("k"))
      .commit();
    expect(done.succeeded).toBe(true);
    expect(done.responses[1]?.response_delete_range?.deleted).toBe("0");
    expect(done.responses[2]?.response_range?.kvs[0]?.value.toString()).toBe("w");
  });
});

describe("software transactions", () => {
  test.each(Object.entries(ISOLATIONS))(
    "%s: what was read is what is written on",
    async (_, isolation) => {
      // The strictest takes a key for changed meanwhile that is newer than the oldest one it read.
      await client.put("to").value(0);
      await client.put("from").value(10);
      await client.stm({ isolation }).transact(async (tx) => {
        const have = (await tx.get("from").number()) ?? 0;
        await tx.put("from").value(have - 3);
        await tx.put("to").value(3);
      });
      expect(await client.getAll().numbers()).toEqual({ from: 7, to: 3 });
    },
  );

  test("one that collides and may not be repeated fails, and changes nothing", async () => {
    await client.put("k").value("1");
    const collides = client.stm({ retries: 0 }).transact(async (tx) => {
      await tx.get("k").string();
      await client.put("k").value("in between");
      await tx.put("k").value("lost");
    });
    await expect(collides).rejects.toBeInstanceOf(STMConflictError);
    expect(await client.get("k").string()).toBe("in between");
  });

  test("inside a namespace it changes that namespace only", async () => {
    await client
      .namespace("in/")
      .stm()
      .transact(async (tx) => {
        await tx.put("k").value("1");
      });
    expect(await client.getAll().keys()).toEqual(["in/k"]);
  });
});

describe("leases, locks and watchers", () => {
  test("a lease that nobody keeps alive is renewed by hand, until it is revoked", async () => {
    const lease = client.lease(60, { autoKeepAlive: false });
    await lease.put("k").value("1");
    expect((await lease.keepaliveOnce()).TTL).toBe("60");
    await lease.revoke();
    expect(lease.revoked()).toBe(true);
    await expect(lease.keepaliveOnce()).rejects.toBeInstanceOf(EtcdLeaseInvalidError);
  });

  test("a lock in a namespace is another lock", async () => {
    const outside = await client.lock("door").ttl(10).acquire();
    const inside = await client.namespace("in/").lock("door").ttl(10).acquire();
    await expect(client.lock("door").ttl(10).acquire()).rejects.toBeInstanceOf(EtcdLockFailedError);
    await Promise.all([outside.release(), inside.release()]);
    await (await client.lock("door").ttl(10).acquire()).release();
  });

  test("a watcher of a range starts in the past", async () => {
    const { header } = await client.put("a").value("1");
    await client.delete().key("a");
    await client.put("b").value("2");
    await client.put("c").value("outside");
    const range = { start: "a", end: "c" };
    const watcher = client.watch().inRange(range).startRevision(header.revision).watcher();
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      const see = (what: string): void => {
        seen.push(what);
        if (seen.length === 3) resolve();
      };
      watcher.on("put", ({ value }: IKeyValue) => see(value.toString()));
      watcher.on("delete", ({ key }: IKeyValue) => see(`${key.toString()} is gone`));
    });
    expect(seen).toEqual(["1", "a is gone", "2"]);
    await watcher.cancel();
  });

  test("a watcher of what was compacted is ended with an error", async () => {
    const { header } = await client.put("k").value("1");
    const { header: later } = await client.put("k").value("2");
    await client.kv.compact({ revision: later.revision });
    const watcher = client.watch().key("k").startRevision(header.revision).watcher();
    const [error] = (await once(watcher, "error")) as [Error];
    expect(error.message).toContain("Watcher canceled");
  });
});

describe("policies for faults", () => {
  test("a member that does not answer is left out while its circuit is open", async () => {
    const way = await CutWay.to(cluster.cluster.endpoints[0] ?? "");
    const opened: string[] = [];
    const { circuitBreaker, ConsecutiveBreaker, ConstantBackoff, handleAll, retry } = policies;
    const careful = etcd3([way.endpoint, cluster.cluster.endpoints[1] ?? ""], {
      faultHandling: {
        host: (name) => {
          opened.push(name);
          const breaker = new ConsecutiveBreaker(1);
          return circuitBreaker(handleAll, { halfOpenAfter: 60_000, breaker });
        },
        global: retry(handleAll, { maxAttempts: 5, backoff: new ConstantBackoff(10) }),
      },
    });
    way.cut();
    for (let at = 0; at < 10; at += 1) await careful.put(`k/${at}`).value(at);
    expect(await client.getAll().prefix("k/").count()).toBe(10);
    expect(opened).toHaveLength(2);
    careful.close();
    await way.close();
  });
});

test("users and roles: every refusal has its own error", async () => {
  await client.role("r").create();
  await expect(client.role("r").create()).rejects.toBeInstanceOf(EtcdRoleExistsError);
  await client.user("u").create("pw");
  await expect(client.user("u").create("pw")).rejects.toBeInstanceOf(EtcdUserExistsError);
  await expect(client.user("u").addRole("none")).rejects.toBeInstanceOf(EtcdRoleNotFoundError);
  await expect(client.user("none").addRole("r")).rejects.toBeInstanceOf(EtcdUserNotFoundError);
  await expect(client.user("u").removeRole("r")).rejects.toBeInstanceOf(EtcdRoleNotGrantedError);
  await client.role("r").grant([
    { permission: "Read", range: Range.prefix("p/") },
    { permission: "Readwrite", key: "k" },
  ]);
  const permissions = await client.role("r").permissions();
  expect(permissions.map(({ permission }) => permission)).toEqual(["Readwrite", "Read"]);
  await client.role("r").addUser("u");
  expect((await client.user("u").roles()).map(({ name }) => name)).toEqual(["r"]);
  expect((await client.getUsers()).map(({ name }) => name)).toEqual(["u"]);
  await client.role("r").removeUser("u");
  await client.user("u").setPassword("other");
  await client.user("u").delete();
  await client.role("r").delete();
  expect(await client.getRoles()).toEqual([]);
});
