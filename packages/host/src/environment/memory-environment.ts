import { crc32 } from "./crc32.ts";
import type { Checksum, Environment, Timer } from "./environment.ts";
import type { FileOperation } from "./file-faults.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { MemoryFiles } from "./memory-files.ts";
import { MemoryNetwork } from "./memory-network.ts";
import type { SeededRandom } from "./seeded-random.ts";
import { PortableSha256 } from "./sha256.ts";
import { World } from "./world.ts";

/** Checksums that need nothing of the platform. */
export const portableChecksum: Checksum = {
  crc32,
  sha256: () => new PortableSha256(),
};

/** What an in-memory environment is made of; what is left out is made afresh. */
export interface MemoryEnvironmentOptions {
  /** Shared by all hosts of one run. Default: a world of its own. */
  readonly world?: World | undefined;
  /** The wires; its world must be the same. Default: a network of its own. */
  readonly network?: MemoryNetwork | undefined;
  /** Survives crashes of the host. Default: an empty one. */
  readonly disk?: MemoryDisk | undefined;
  /** The mounted disk, where faults or delays are wanted. Default: mounts `disk`. */
  readonly files?: MemoryFiles | undefined;
  /** Virtual milliseconds that each operation of `disk` takes; without it they take none. Not together with `files`. */
  readonly diskDelayMs?: ((operation: FileOperation) => number) | undefined;
  /** Name of this host in the network's addresses. Default `localhost`. */
  readonly host?: string | undefined;
  /** Virtual milliseconds of this host's clock per millisecond of the world. Default 1. */
  readonly clockRate?: number | undefined;
}

/** An environment that touches nothing outside: virtual time, a disk and a network in memory. */
export interface MemoryEnvironment extends Environment {
  readonly world: World;
  readonly files: MemoryFiles;
  readonly disk: MemoryDisk;
  readonly wires: MemoryNetwork;
  readonly host: string;
  readonly seeded: SeededRandom;
  /** The process of this environment ends: no timer of it fires any more, its connections break. The disk stays. */
  stop(): void;
}

/**
 * An environment in memory: virtual time, network and disk. For tests and simulations; nothing survives the
 * process.
 */
export function memoryEnvironment(options: MemoryEnvironmentOptions = {}): MemoryEnvironment {
  const world = options.world ?? options.network?.world ?? new World();
  const wires = options.network ?? new MemoryNetwork(world);
  const { diskDelayMs } = options;
  const latency =
    diskDelayMs === undefined
      ? undefined
      : (operation: FileOperation): Promise<void> =>
          new Promise((resolve) => {
            world.schedule(diskDelayMs(operation), resolve);
          });
  const files = options.files ?? new MemoryFiles(options.disk ?? new MemoryDisk(), { latency });
  const host = options.host ?? "localhost";
  const seeded = world.random.fork();
  const clockRate = options.clockRate ?? 1;
  let stopped = false;
  const schedule = (afterMs: number, run: () => void): Timer =>
    world.schedule(afterMs / clockRate, () => {
      if (!stopped) run();
    });
  return {
    world,
    files,
    disk: files.disk,
    wires,
    host,
    seeded,
    network: wires.host(host),
    checksum: portableChecksum,
    nowMs: () => world.nowMs * clockRate,
    wallClockMs: () => world.wallClockMs,
    setTimer: schedule,
    defer: (run) => {
      schedule(0, run);
    },
    random: () => seeded.next(),
    stop: () => {
      stopped = true;
      wires.stopHost(host);
    },
  };
}
