import type { MemberId } from "@quorate/core";
import { expect, test, vi } from "vitest";
import type { TransportNetwork } from "../../src/compliance/index.ts";
import { transportCompliance } from "../../src/compliance/index.ts";
import type { Environment } from "../../src/environment/environment.ts";
import type { MemoryEnvironment } from "../../src/environment/memory-environment.ts";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { MemoryNetwork } from "../../src/environment/memory-network.ts";
import { World } from "../../src/environment/world.ts";
import { nodeEnvironment } from "../../src/node/index.ts";
import { KnownHosts } from "../../src/transport/known-hosts.ts";
import { StreamTransport } from "../../src/transport/stream-transport.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { type KillableEnvironment, killable } from "../node/killable-environment.ts";
import { temporaryDirectory } from "../node/temporary-directory.ts";
import { LIMITS } from "./cluster.ts";

/** The slowest wait of a real connection is the longest pause between two attempts to dial, two seconds. */
const UNTIL_MS = 60_000;
vi.setConfig({ testTimeout: 2 * UNTIL_MS });

const runner = (where: string): Parameters<typeof transportCompliance>[0] => ({
  test: (name, run) => test(`${where}: ${name}`, run),
  equal: (actual, expected) => expect(actual).toEqual(expected),
});

/** Both lanes of messages may be full, each by one message more than its limit. */
const QUEUE_BYTES_MAX = LIMITS.logQueueBytes + LIMITS.controlQueueBytes;

async function transportOf(
  host: MemberId,
  life: number,
  environment: Environment,
  directory: string,
  listenAddress: string,
): Promise<StreamTransport> {
  await environment.files.makeDirectory(directory);
  return new StreamTransport({
    environment,
    clusterId: "test",
    host,
    dataId: `data${host}`,
    incarnation: life,
    listenAddress,
    advertiseAddress: undefined,
    knownHosts: await KnownHosts.open(environment, directory),
    limits: LIMITS,
    verifyPeer: () => true,
  });
}

function lifeOf<T>(lives: ReadonlyMap<MemberId, T>, host: MemberId): T {
  const life = lives.get(host);
  if (life === undefined) throw new Error(`there is no host ${host}`);
  return life;
}

async function inMemory(hosts: number): Promise<TransportNetwork> {
  const world = new World({ seed: 5 });
  const network = new MemoryNetwork(world);
  const lives = new Map<MemberId, { environment: MemoryEnvironment; transport: StreamTransport }>();
  let life = 0;
  const begin = async (host: MemberId): Promise<Transport> => {
    life += 1;
    const disk = lives.get(host)?.environment.disk;
    const environment = memoryEnvironment({ world, network, disk, host: `host${host}` });
    const opening = transportOf(host, life, environment, "/data", `host${host}:1`);
    const transport = await world.complete(opening);
    lives.set(host, { environment, transport });
    return transport;
  };
  for (let host = 1; host <= hosts; host += 1) await begin(host);
  return {
    transport: (host) => lifeOf(lives, host).transport,
    address: (host) => lifeOf(lives, host).transport.address,
    kill: async (host) => lifeOf(lives, host).environment.stop(),
    restart: begin,
    until: async (done) => {
      if (!(await world.runUntil(done, UNTIL_MS))) throw new Error("it did not happen");
    },
    close: async () => {
      for (const { environment } of lives.values()) environment.stop();
    },
  };
}

transportCompliance(runner("memory"), { create: inMemory, queueBytesMax: QUEUE_BYTES_MAX });

interface RealLife {
  readonly environment: KillableEnvironment;
  readonly transport: StreamTransport;
  address: string | undefined;
}

async function overTcp(hosts: number): Promise<TransportNetwork> {
  const directory = await temporaryDirectory();
  const lives = new Map<MemberId, RealLife>();
  let life = 0;
  const begin = async (host: MemberId): Promise<Transport> => {
    life += 1;
    const environment = killable(nodeEnvironment());
    const address = lives.get(host)?.transport.address;
    const folder = `${directory}/${host}`;
    const at = address ?? "127.0.0.1:0";
    const transport = await transportOf(host, life, environment, folder, at);
    lives.set(host, { environment, transport, address });
    return transport;
  };
  for (let host = 1; host <= hosts; host += 1) await begin(host);
  return {
    transport: (host) => lifeOf(lives, host).transport,
    address: (host) => lifeOf(lives, host).transport.address,
    kill: async (host) => {
      const { environment, transport } = lifeOf(lives, host);
      await environment.kill();
      // What the system does for a process that is gone: its sockets close.
      await transport.stop();
    },
    restart: begin,
    until: async (done) => {
      await vi.waitUntil(done, { timeout: UNTIL_MS, interval: 2 });
    },
    close: async () => {
      for (const { environment, transport } of lives.values()) {
        await transport.stop();
        await environment.kill();
      }
    },
  };
}

transportCompliance(runner("TCP"), { create: overTcp, queueBytesMax: QUEUE_BYTES_MAX });
