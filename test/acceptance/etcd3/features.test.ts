import { once } from "node:events";
import type { Election, Etcd3, IKeyValue, Watcher } from "etcd3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startThree } from "../members.ts";
import { CutWay, etcd3 } from "./servers.ts";

const BASE_PORT = 26_600;

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

/** The values that a watcher reports, one after the other. */
class Seen {
  readonly values: string[] = [];
  #wake: () => void = () => {};

  constructor(watcher: Watcher) {
    watcher.on("put", ({ value }: IKeyValue) => this.#take(value.toString()));
    watcher.on("delete", ({ key }: IKeyValue) => this.#take(`${key.toString()} is gone`));
  }

  async until(count: number): Promise<readonly string[]> {
    while (this.values.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.values;
  }

  #take(value: string): void {
    this.values.push(value);
    this.#wake();
  }
}

describe("npm's etcd3 as it is", () => {
  test("puts, gets, lists in every order, counts, deletes", async () => {
    await client.put("k/1").value("one");
    await client.put("k/2").value("two");
    await client.put("n").value(42);
    expect(await client.get("k/1").string()).toBe("one");
    expect(await client.get("n").number()).toBe(42);
    expect(await client.get("none")).toBeNull();
    expect(await client.getAll().prefix("k/").strings()).toEqual({ "k/1": "one", "k/2": "two" });
    expect(await client.getAll().prefix("k/").sort("Key", "Descend").keys()).toEqual([
      "k/2",
      "k/1",
    ]);
    expect(await client.getAll().prefix("k/").limit(1).keys()).toEqual(["k/1"]);
    expect(await client.getAll().prefix("k/").count()).toBe(2);
    expect((await client.put("k/1").value("uno").getPrevious())?.value.toString()).toBe("one");
    const gone = await client.delete().key("k/1").getPrevious();
    expect(gone.map(({ value }) => value.toString())).toEqual(["uno"]);
    expect((await client.delete().prefix("k/")).deleted).toBe("1");
  });

  test("a read of an old revision is the old value, until it is compacted", async () => {
    const { header } = await client.put("k").value("old");
    await client.put("k").value("new");
    expect(await client.get("k").revision(header.revision).string()).toBe("old");
    await client.kv.compact({ revision: Number(header.revision) + 1 });
    await expect(client.get("k").revision(header.revision).string()).rejects.toThrow(
      "required revision has been compacted",
    );
  });

  test("transactions take the branch that the comparison says, and STM retries what collides", async () => {
    await client.put("t").value("1");
    const yes = await client
      .if("t", "Value", "==", "1")
      .then(client.put("t").value("2"))
      .else(client.get("t"))
      .commit();
    expect(yes.succeeded).toBe(true);
    const no = await client
      .if("t", "Value", "==", "1")
      .then(client.put("t").value("3"))
      .else(client.get("t"))
      .commit();
    expect(no.succeeded).toBe(false);
    expect(no.responses[0]?.response_range?.kvs[0]?.value.toString()).toBe("2");

    await client.put("sum").value(0);
    const add = (): Promise<void> =>
      client.stm({ retries: 50 }).transact(async (tx) => {
        await tx.put("sum").value(((await tx.get("sum").number()) ?? 0) + 1);
      });
    await Promise.all(Array.from({ length: 8 }, add));
    expect(await client.get("sum").number()).toBe(8);
  });

  test("a namespace sees its own keys only", async () => {
    const inside = client.namespace("in/");
    await inside.put("a").value("1");
    await client.put("a").value("outside");
    expect(await inside.getAll().strings()).toEqual({ a: "1" });
    expect(await client.get("in/a").string()).toBe("1");
    const watcher = await inside.watch().key("a").create();
    const seen = new Seen(watcher);
    await inside.delete().all();
    expect(await seen.until(1)).toEqual(["a is gone"]);
    expect(await client.get("a").string()).toBe("outside");
    await watcher.cancel();
  });

  test("a watcher whose connection breaks goes on where it was", async () => {
    const way = await CutWay.to(cluster.cluster.endpoints[0] ?? "");
    const far = etcd3([way.endpoint]);
    const watcher = await far.watch().prefix("w/").create();
    const seen = new Seen(watcher);
    await client.put("w/1").value("before");
    await seen.until(1);
    const disconnected = once(watcher, "disconnected");
    way.cut();
    await disconnected;
    for (const value of ["meanwhile", "still cut off"]) await client.put("w/2").value(value);
    const connected = once(watcher, "connected");
    way.mend();
    await connected;
    await client.put("w/1").value("after");
    expect(await seen.until(4)).toEqual(["before", "meanwhile", "still cut off", "after"]);
    await watcher.cancel();
    far.close();
    await way.close();
  });

  test("watchers choose their events and get the previous value", async () => {
    const deletes = await client.watch().key("f").only("delete").withPreviousKV().create();
    const gone = once(deletes, "delete");
    await client.put("f").value("here");
    await client.delete().key("f");
    const [kv, previous] = (await gone) as [IKeyValue, IKeyValue];
    expect([kv.key.toString(), previous.value.toString()]).toEqual(["f", "here"]);
    await deletes.cancel();
  });

  test("a lease keeps its keys as long as it is kept alive, and no longer", async () => {
    const lease = client.lease(2);
    const kept = once(lease, "keepaliveSucceeded");
    await lease.put("leased").value("1");
    await kept;
    await once(lease, "keepaliveSucceeded");
    await once(lease, "keepaliveSucceeded");
    expect(await client.get("leased").string()).toBe("1");
    const watcher = await client.watch().key("leased").create();
    const seen = new Seen(watcher);
    // Nobody keeps it alive any more: the cluster lets it expire.
    lease.release();
    expect(await seen.until(1)).toEqual(["leased is gone"]);
    await watcher.cancel();
  });

  test("a lease that is revoked elsewhere is lost", async () => {
    const lease = client.lease(3);
    const ID = await lease.grant();
    await lease.put("leased").value("1");
    const lost = once(lease, "lost");
    await client.leaseClient.leaseRevoke({ ID });
    await lost;
    expect(await client.get("leased").string()).toBeNull();
  });

  test("a lock lets one in at a time", async () => {
    const first = await client.lock("door").ttl(10).acquire();
    await expect(client.lock("door").ttl(10).acquire()).rejects.toThrow("Failed to acquire a lock");
    await first.release();
    const counted = await client
      .lock("door")
      .do(async () => client.getAll().prefix("door").count());
    expect(counted).toBe(1);
  });

  test("an election passes the office on in the order of candidates, and observers hear of it", async () => {
    const election: Election = client.election("chair", 10);
    const observer = await election.observe();
    const heard: (string | undefined)[] = [];
    let wake: () => void = () => {};
    observer.on("change", (value) => {
      heard.push(value);
      wake();
    });
    const until = async (value: string): Promise<void> => {
      while (heard.at(-1) !== value) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    };
    const first = await election.campaign("first").wait();
    await until("first");
    const waiting = election.campaign("second");
    await first.proclaim("first again");
    await until("first again");
    const second = waiting.wait();
    await first.resign();
    await second;
    await until("second");
    expect(await election.leader()).toBe("second");
    await waiting.resign();
    await observer.cancel();
  });
});

test("npm's etcd3 goes on when the member it spoke to is killed", async () => {
  const { cluster: three } = cluster;
  await client.put("survives").value("0");
  const watcher = await client.watch().key("survives").create();
  const seen = new Seen(watcher);
  const [victim] = three.members;
  if (victim === undefined) throw new Error("there is no member");
  await three.kill(victim);
  const values = Array.from({ length: 10 }, (_, at) => `${at + 1}`);
  for (const value of values) {
    // Its own policy does not repeat a write that was on its way; whoever writes the same value again may.
    for (let written = false; !written; ) {
      written = await client
        .put("survives")
        .value(value)
        .then(
          () => true,
          () => false,
        );
    }
  }
  three.start(victim);
  await three.ready(victim);
  while (seen.values.at(-1) !== "10") await seen.until(seen.values.length + 1);
  expect([...new Set(seen.values)]).toEqual(values);
  await watcher.cancel();
});
