import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import type { Host, HostEvent, Replica } from "../../src/index.ts";
import { createHost } from "../../src/index.ts";
import { nodeEnvironment, workerMachine } from "../../src/node/index.ts";
import { numbers, type SetWord, words } from "../group/counter-machine.ts";
import { temporaryDirectory } from "../node/temporary-directory.ts";

const MODULE = new URL("words-worker.mjs", import.meta.url);

type WordReplica = Replica<SetWord, number, string, unknown>;

interface Running {
  readonly host: Host;
  readonly replica: WordReplica;
  readonly events: HostEvent[];
}

const running: Host[] = [];
afterEach(async () => {
  for (const host of running.splice(0)) await host.close();
});

async function start(directory: string): Promise<Running> {
  const events: HostEvent[] = [];
  const host = await createHost({
    environment: nodeEnvironment(),
    directory: join(directory, "data"),
    clusterId: "worker-test",
    hostId: 1,
    listenAddress: "127.0.0.1:0",
    tickMs: 20,
    logSegmentBytes: 1 << 16,
    onEvent: (event) => events.push(event),
  });
  running.push(host);
  const spec = {
    groupId: 1,
    machine: workerMachine<SetWord, number, string, unknown>(MODULE, { workerData: "told" }),
    commands: words,
    results: numbers,
    snapshotPolicy: { entriesMax: 1_000_000, bytesMax: 1 << 30, keepEntries: 0 },
  };
  const replica = (await host.hasGroup(1))
    ? await host.openGroup(spec)
    : await host.createGroup(spec, [{ id: 1, address: host.address, name: "" }]);
  return { host, replica, events };
}

async function stop({ host }: Running): Promise<void> {
  running.splice(running.indexOf(host), 1);
  await host.close();
}

test("a machine in another thread applies in order, answers, and comes back from log and snapshot", async () => {
  const directory = await temporaryDirectory();
  const first = await start(directory);
  const { replica } = first;
  const proposed = Array.from({ length: 300 }, (_, nth) => `w${nth % 10}`);
  const results = await Promise.all(proposed.map((word) => replica.propose({ word })));
  expect(results.at(-1)?.result).toBe(30);
  expect(await replica.query("order")).toEqual(proposed);
  expect(await replica.query("data")).toBe("told");
  // Pinned before what follows, written while it is applied.
  const snapshot = replica.snapshot();
  const later = await Promise.all(proposed.map((word) => replica.propose({ word })));
  expect(later.at(-1)?.result).toBe(60);
  const { index } = await snapshot;
  expect(index).toBeLessThan(replica.appliedIndex + 1);
  await replica.propose({ word: "last" });
  await stop(first);
  const again = await start(directory);
  expect(await again.replica.query("order")).toEqual([...proposed, ...proposed, "last"]);
});

test("a throw in the thread stops the group with what was thrown", async () => {
  const { replica, events } = await start(await temporaryDirectory());
  await replica.propose({ word: "good" });
  await expect(replica.propose({ word: "throw" })).rejects.toMatchObject({
    code: "STATE_MACHINE_FAILED",
    outcome: "unknown",
  });
  expect(JSON.stringify(events)).toContain("stopped");
  expect(replica.status().condition).toBe("stopped");
  await expect(replica.query("good")).rejects.toMatchObject({ code: "STATE_MACHINE_FAILED" });
});

test("an answer that cannot be cloned fails its query alone, at once or later", async () => {
  const { replica } = await start(await temporaryDirectory());
  for (const query of ["no value", "no value later"]) {
    await expect(replica.query(query)).rejects.toThrow("could not be cloned");
  }
  expect((await replica.propose({ word: "x" })).result).toBe(1);
});

test("the code of what a machine throws crosses the threads: without room, a flush is asked for again", async () => {
  const module = new URL("full-worker.mjs", import.meta.url);
  const machine = workerMachine<SetWord, number, string, unknown>(module, { isDurable: true });
  await machine.open();
  const flushed = machine.flush?.({ term: 1, index: 1 }, new Uint8Array(3));
  await expect(flushed).rejects.toMatchObject({
    code: "STORAGE_FULL",
    message: "there is no room",
  });
  await machine.close();
});

test("an end of the thread in the middle of a batch stops the group", async () => {
  const { replica } = await start(await temporaryDirectory());
  await expect(replica.propose({ word: "exit" })).rejects.toMatchObject({
    code: "STATE_MACHINE_FAILED",
    message: expect.stringContaining("it exited with 3"),
  });
});

test("an end of the thread while nobody asks it anything stops the group, and says so", async () => {
  const { replica, events } = await start(await temporaryDirectory());
  await replica.propose({ word: "die later" });
  await vi.waitUntil(() => replica.status().condition === "stopped");
  const stopped = events.find(
    (event) => event.type === "replica" && event.event.type === "stopped",
  );
  expect(stopped).toMatchObject({ event: { error: { code: "STATE_MACHINE_FAILED" } } });
});

test("while the thread is busy, the clock of consensus goes on", async () => {
  const { replica, host } = await start(await temporaryDirectory());
  await replica.propose({ word: "warm" });
  const before = host.metrics().ticks;
  await replica.propose({ word: "busy 1000" });
  // A second of 20 ms ticks; the same work on this thread would have let one through.
  expect(host.metrics().ticks - before).toBeGreaterThan(10);
});
