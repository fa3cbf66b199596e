import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Host, Replica } from "../../src/index.ts";
import { createHost } from "../../src/index.ts";
import { nodeEnvironment } from "../../src/node/index.ts";
import type { SetWord } from "../group/counter-machine.ts";
import { CounterMachine, numbers, words } from "../group/counter-machine.ts";

type CounterReplica = Replica<SetWord, number, string, number>;

interface Member {
  readonly host: Host;
  readonly replica: CounterReplica;
  readonly machine: CounterMachine;
}

const folders: string[] = [];
const running = new Set<Member>();

afterEach(async () => {
  for (const member of running) await member.host.close();
  running.clear();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function start(
  directory: string,
  id: number,
  address: string,
  open: (host: Host, spec: Parameters<Host["openGroup"]>[0]) => Promise<unknown>,
): Promise<Member> {
  const host = await createHost({
    environment: nodeEnvironment(),
    directory: join(directory, `host${id}`),
    clusterId: "node-test",
    hostId: id,
    listenAddress: address,
    tickMs: 20,
    logSegmentBytes: 1 << 20,
  });
  const machine = new CounterMachine();
  const spec = {
    groupId: 1,
    machine,
    commands: words,
    results: numbers,
    snapshotPolicy: { entriesMax: 100, bytesMax: 1 << 30, keepEntries: 10 },
  };
  const replica = (await open(host, spec as never)) as CounterReplica;
  const member = { host, replica, machine };
  running.add(member);
  return member;
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Three hosts on free ports: every host must know the others' before it creates the group. */
async function cluster(): Promise<{ directory: string; addresses: string[]; members: Member[] }> {
  const directory = await mkdtemp(join(tmpdir(), "quorate-host-"));
  folders.push(directory);
  const addresses = await freeAddresses(3);
  const initial = addresses.map((address, place) => ({ id: place + 1, address, name: "" }));
  const members = await Promise.all(
    addresses.map((address, place) =>
      start(directory, place + 1, address, (host, spec) => host.createGroup(spec, initial)),
    ),
  );
  return { directory, addresses, members };
}

async function freeAddresses(count: number): Promise<string[]> {
  const { network } = nodeEnvironment();
  const listeners = await Promise.all(
    Array.from({ length: count }, () => network.listen("127.0.0.1:0", () => undefined)),
  );
  await Promise.all(listeners.map((listener) => listener.close()));
  return listeners.map(({ address }) => address);
}

function leaderOf(members: readonly Member[]): Member | undefined {
  return members.find(({ replica }) => replica.role === "leader");
}

test("three hosts over real sockets and files agree, hand over, restart and lose nothing", async () => {
  const { directory, addresses, members } = await cluster();
  const proposed = await Promise.all(
    members.flatMap(({ replica }) =>
      Array.from({ length: 100 }, (_, nth) =>
        replica.propose({ word: `w${nth}` }, { timeoutMs: 30_000 }),
      ),
    ),
  );
  expect(proposed.length).toBe(300);
  for (const { replica } of members) expect(await replica.query("w7")).toBe(3);

  // The leader leaves in order; what is proposed meanwhile is answered by the next one.
  const leader = leaderOf(members);
  if (leader === undefined) throw new Error("no leader");
  const others = members.filter((member) => member !== leader);
  const meanwhile = others.map(({ replica }) =>
    replica.propose({ word: "w7" }, { timeoutMs: 30_000 }),
  );
  running.delete(leader);
  await leader.host.close();
  expect((await Promise.all(meanwhile)).map(({ result }) => result).sort()).toEqual([4, 5]);

  for (const other of others) {
    running.delete(other);
    await other.host.close();
  }
  const again = await Promise.all(
    addresses.map((address, place) =>
      start(directory, place + 1, address, (host, spec) => host.openGroup(spec)),
    ),
  );
  const [first] = again;
  const { result } = (await first?.replica.propose({ word: "w7" }, { timeoutMs: 30_000 })) ?? {};
  expect(result).toBe(6);
  await until(() => new Set(again.map(({ replica }) => replica.appliedIndex)).size === 1);
  const orders = again.map(({ machine }) => machine.counts.get("w7"));
  expect(orders).toEqual([6, 6, 6]);
});

test("a folder is used by one process, belongs to one host, and a group is created once", async () => {
  const { directory, addresses, members } = await cluster();
  const options = {
    environment: nodeEnvironment(),
    directory: join(directory, "host1"),
    clusterId: "node-test",
    hostId: 1,
    listenAddress: "127.0.0.1:0",
  };
  await expect(createHost(options)).rejects.toMatchObject({ code: "DATA_LOCKED" });
  const [member] = members;
  if (member === undefined) throw new Error("no member");
  running.delete(member);
  await member.host.close();
  await expect(createHost({ ...options, clusterId: "other" })).rejects.toMatchObject({
    code: "CLUSTER_MISMATCH",
  });
  await expect(
    start(directory, 1, addresses[0] ?? "", (host, spec) =>
      host.createGroup(spec, [{ id: 1, address: addresses[0] ?? "", name: "" }]),
    ),
  ).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
});

test("a member whose data is gone does not start", async () => {
  const { directory, addresses, members } = await cluster();
  const [member] = members;
  if (member === undefined) throw new Error("no member");
  running.delete(member);
  await member.host.close();
  await rm(join(directory, "host1", "groups"), { recursive: true });
  await expect(
    start(directory, 1, addresses[0] ?? "", (host, spec) => host.openGroup(spec)),
  ).rejects.toMatchObject({ code: "IDENTITY_MISSING" });
});

test("an address in use is told, and the folder is free again", async () => {
  const { directory, addresses } = await cluster();
  const options = {
    environment: nodeEnvironment(),
    directory: join(directory, "host9"),
    clusterId: "node-test",
    hostId: 9,
    listenAddress: addresses[0] ?? "",
  };
  await expect(createHost(options)).rejects.toMatchObject({ code: "ADDRESS_IN_USE" });
  const host = await createHost({ ...options, listenAddress: "127.0.0.1:0" });
  await host.close();
});
