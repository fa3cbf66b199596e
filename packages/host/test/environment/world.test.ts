import { expect, test } from "vitest";
import type { Connection } from "../../src/environment/environment.ts";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { MemoryNetwork } from "../../src/environment/memory-network.ts";
import { World } from "../../src/environment/world.ts";

test("events run in the order of their time, and in order of scheduling at the same time", async () => {
  const world = new World();
  const order: string[] = [];
  for (const [name, atMs] of [
    ["late", 30],
    ["first", 10],
    ["second", 10],
    ["cancelled", 20],
  ] as const) {
    const timer = world.schedule(atMs, () => order.push(`${name}@${world.nowMs}`));
    if (name === "cancelled") timer.cancel();
  }
  await world.run(29);
  expect(order).toEqual(["first@10", "second@10"]);
  expect(world.nowMs).toBe(29);
  await world.run(1);
  expect(order).toEqual(["first@10", "second@10", "late@30"]);
});

test("a deferred call runs after what is already due, and promises settle before time goes on", async () => {
  const environment = memoryEnvironment();
  const order: string[] = [];
  environment.setTimer(0, () => order.push("timer"));
  environment.defer(() => order.push("deferred"));
  environment.setTimer(5, () => {
    void Promise.resolve().then(() => order.push(`promise@${environment.nowMs()}`));
  });
  environment.setTimer(5.5, () => order.push("later"));
  await environment.world.run(10);
  expect(order).toEqual(["timer", "deferred", "promise@5", "later"]);
});

test("complete plays until a promise settles and gives up when time runs out", async () => {
  const world = new World();
  const sleep = (afterMs: number): Promise<number> =>
    new Promise((resolve) => {
      world.schedule(afterMs, () => resolve(world.nowMs));
    });
  expect(await world.complete(sleep(100))).toBe(100);
  await expect(world.complete(sleep(100), 50)).rejects.toThrow("not settled");
});

interface Pair {
  readonly world: World;
  readonly network: MemoryNetwork;
  readonly log: string[];
  readonly near: Connection;
  far: Connection | undefined;
}

/** Host a connects to host b; everything either end hears goes into `log`. */
async function pair(delayMs: number): Promise<Pair> {
  const world = new World();
  const network = new MemoryNetwork(world);
  network.setDefaultDelay(() => delayMs);
  const log: string[] = [];
  const hear = (name: string, connection: Connection): void =>
    connection.handle({
      onConnect: () => log.push(`${name} connected@${world.nowMs}`),
      onData: (bytes) => log.push(`${name} got ${new TextDecoder().decode(bytes)}@${world.nowMs}`),
      onDrain: () => log.push(`${name} drained`),
      onClose: (error) => log.push(`${name} closed ${error?.code ?? "in order"}@${world.nowMs}`),
    });
  let far: Connection | undefined;
  await network.host("b").listen("b:1", (connection) => {
    far = connection;
    hear("b", connection);
  });
  const near = network.host("a").connect("b:1");
  hear("a", near);
  await world.run(delayMs * 2);
  log.length = 0;
  return { world, network, log, near, far };
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test("bytes arrive in order after the link's delay, each piece on its own", async () => {
  const { world, log, near } = await pair(10);
  near.write(text("one"));
  await world.run(6);
  near.write(text("two"));
  near.end();
  await world.run(20);
  expect(log).toEqual([
    "b got one@30",
    "b got two@36",
    "b closed in order@36",
    "a closed in order@36",
  ]);
});

test("nobody listening is refused, a vanished host resets", async () => {
  const { world, network, log } = await pair(1);
  const refused = network.host("a").connect("b:2");
  refused.handle({
    onData: () => undefined,
    onClose: (error) => log.push(`refused ${error?.code}`),
  });
  network.stopHost("b");
  await world.run(5);
  expect(log.sort()).toEqual(["a closed reset@3", "refused refused"]);
});

test("a cut link holds bytes back in its direction only, until it is healed", async () => {
  const { world, network, log, near, far } = await pair(1);
  network.link("a", "b").isCut = true;
  near.write(text("held"));
  far?.write(text("through"));
  await world.run(100);
  expect(log).toEqual(["a got through@3"]);
  network.heal();
  await world.run(10);
  expect(log[1]).toMatch(/^b got held@/);
});

test("a link can cut what arrives into single bytes", async () => {
  const { world, network, log, near } = await pair(1);
  network.link("a", "b").pieceBytesMax = 1;
  near.write(text("ab"));
  await world.run(5);
  expect(log).toEqual(["b got a@3", "b got b@3"]);
});

test("too much at once asks the writer to wait for the drain", async () => {
  const { world, log, near } = await pair(1);
  expect(near.write(new Uint8Array(100))).toBe(true);
  expect(near.write(new Uint8Array(100_000))).toBe(false);
  expect(near.bufferedBytes).toBe(100_100);
  await world.run(5);
  expect(near.bufferedBytes).toBe(0);
  expect(log).toContain("a drained");
});

test("the same seed plays the same run", async () => {
  const run = async (): Promise<string[]> => {
    const network = new MemoryNetwork(new World({ seed: 42 }));
    const draws: string[] = [];
    for (const host of ["a", "b"]) {
      const environment = memoryEnvironment({ network, host });
      const tick = (): void => {
        draws.push(`${host} ${environment.nowMs()} ${environment.random()}`);
        environment.setTimer(environment.random() * 10, tick);
      };
      tick();
    }
    await network.world.run(100);
    return draws;
  };
  const first = await run();
  expect(first.length).toBeGreaterThan(20);
  expect(await run()).toEqual(first);
});

test("a disk may take virtual time, and a stopped process has no timers any more", async () => {
  const environment = memoryEnvironment({
    diskDelayMs: (operation) => (operation.kind === "writeDurably" ? 3 : 1),
  });
  const { world, files } = environment;
  const file = await world.complete(files.open("f", { mode: "create" }));
  const beforeMs = world.nowMs;
  await world.complete(file.writeDurably(0, [new Uint8Array(10)]));
  expect(world.nowMs - beforeMs).toBe(3);
  let fired = 0;
  environment.setTimer(10, () => {
    fired += 1;
  });
  environment.stop();
  await world.run(100);
  expect(fired).toBe(0);
});

test("a host's clock may run at another rate than the world's", async () => {
  const world = new World();
  const slow = memoryEnvironment({ world, clockRate: 0.5 });
  let firedMs = -1;
  slow.setTimer(10, () => {
    firedMs = world.nowMs;
  });
  await world.run(100);
  expect(firedMs).toBe(20);
  expect(slow.nowMs()).toBe(50);
});
