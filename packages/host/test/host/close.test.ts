import { expect, test } from "vitest";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { LocalHost } from "../../src/host/local-host.ts";
import { CounterMachine, numbers, words } from "../group/counter-machine.ts";
import { MemoryStorage } from "../group/memory-storage.ts";

test("a host whose machine fails to close gives up everything else, and says so", async () => {
  const environment = memoryEnvironment({ host: "host1" });
  const { world } = environment;
  const storage = new MemoryStorage(environment);
  const options = {
    environment,
    directory: "/data",
    clusterId: "test",
    hostId: 1,
    listenAddress: "host1:1",
  };
  const open = (): Promise<LocalHost> => world.complete(LocalHost.open(options, () => storage));
  const host = await open();
  const failing = new CounterMachine();
  failing.close = () => Promise.reject(new Error("a machine that will not close"));
  const healthy = new CounterMachine();
  let closed = 0;
  const close = healthy.close.bind(healthy);
  healthy.close = async () => {
    closed += 1;
    await close();
  };
  const members = [{ id: 1, address: "host1:1", name: "m1" }];
  for (const [place, machine] of [failing, healthy].entries()) {
    const spec = { groupId: place + 1, machine, commands: words, results: numbers };
    await world.complete(host.createGroup(spec, members));
  }
  const [ended] = await world.complete(Promise.allSettled([host.close()]));
  expect(String((ended as PromiseRejectedResult).reason)).toContain("will not close");
  expect(closed).toBe(1);
  // The folder and the address are free again.
  const again = await open();
  await world.complete(again.close());
});
