import { expect, test, vi } from "vitest";
import type { FileOperation } from "../../src/environment/file-faults.ts";
import { isMutation } from "../../src/environment/file-faults.ts";
import type { MemoryDisk } from "../../src/environment/memory-disk.ts";
import type { MemoryEnvironment } from "../../src/environment/memory-environment.ts";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { SeededRandom } from "../../src/environment/seeded-random.ts";
import { recoverState } from "../../src/group/recovery.ts";
import { DirectoryStorage } from "../../src/host/directory-storage.ts";
import { IdentityFile } from "../../src/identity/identity-file.ts";
import type { SegmentedLog } from "../../src/log/segmented-log.ts";
import { GroupCluster } from "../group/cluster.ts";
import { CounterMachine } from "../group/counter-machine.ts";
import { everyCrash } from "../log/every-crash.ts";
import { IS_EXHAUSTIVE, sayCrashes, Tally } from "../log/exhaustive.ts";

// Thousands of cases take their time on a busy machine.
vi.setConfig({ testTimeout: 600_000 });

const SEGMENT_BYTES = 16 << 10;
/** States looked at behind each place. */
const STATES_MAX = IS_EXHAUSTIVE ? Number.POSITIVE_INFINITY : 6;
const SEEDS = IS_EXHAUSTIVE ? [11, 12, 13, 14, 15, 16] : [11];

/** The disk before one change of it, and what must be on it however the power goes. */
interface CrashPoint {
  readonly operation: FileOperation;
  readonly disk: MemoryDisk;
  readonly term: number;
  readonly durable: { readonly index: number; readonly term: unknown };
}

interface Life {
  readonly id: number;
  readonly points: readonly CrashPoint[];
  /** Every word in the order in which all members applied them. */
  readonly order: readonly string[];
}

/** Long enough that segments change, each life's at places of its own. */
function wordsOf(seed: number): (nth: number) => string {
  const random = new SeededRandom(seed);
  return (nth) => `w${nth}`.padEnd(80 + random.integer(140), ".");
}

/**
 * A member's life: it leads, writes, snapshots and purges; is cut off with entries that nobody else gets, and has to give
 * them up; the membership changes; it is away while the others give up their log, and is brought back by a snapshot.
 */
async function live(seed: number): Promise<Life> {
  const policy = { entriesMax: 60, bytesMax: 1 << 30, keepEntries: 0 };
  const cluster = await GroupCluster.of(3, { snapshotPolicy: policy }, seed, true);
  const victim = await cluster.leader();
  const points: CrashPoint[] = [];
  const watch = (environment: MemoryEnvironment): void => {
    environment.files.fault = (operation) => {
      if (isMutation(operation)) points.push(pointOf(cluster, victim.id, environment, operation));
      return undefined;
    };
  };
  watch(victim.environment);
  let nth = 0;
  const word = wordsOf(seed);
  const write = async (count: number): Promise<void> => {
    const { replica } = await cluster.leader();
    for (let time = 0; time < count; time += 1) {
      nth += 1;
      await cluster.complete(replica.propose({ word: word(nth) }));
    }
  };
  await write(150);
  const others = cluster.all.filter(({ id }) => id !== victim.id);
  const cut = (isCut: boolean): void => {
    for (const { id } of others) {
      cluster.network.link(`host${id}`, `host${victim.id}`).isCut = isCut;
      cluster.network.link(`host${victim.id}`, `host${id}`).isCut = isCut;
    }
  };
  cut(true);
  for (const lost of ["x", "y", "z"]) {
    victim.replica.propose({ word: lost }, { timeoutMs: 500 }).catch(() => undefined);
  }
  await cluster.until(() => others.some(({ replica }) => replica.role === "leader"));
  const next = others.find(({ replica }) => replica.role === "leader");
  await cluster.complete(next?.replica.propose({ word: "after" }) ?? Promise.reject());
  cut(false);
  await cluster.leader();
  await cluster.converge();
  const { replica } = await cluster.leader();
  const learner = { action: "learner", member: 9, address: "host9:1" } as const;
  await cluster.complete(replica.changeMembership([learner]));
  await write(20);
  await cluster.complete(replica.changeMembership([{ action: "remove", member: 9 }]));
  await cluster.converge();
  cluster.kill(victim.id);
  await write(200);
  cluster.onStart = watch;
  const back = await cluster.reopen(victim.id);
  await cluster.leader();
  await write(30);
  await cluster.converge();
  expect(back.replica.metrics().snapshotsInstalled).toBeGreaterThan(0);
  return { id: victim.id, points, order: back.machine.order };
}

function pointOf(
  cluster: GroupCluster,
  id: number,
  environment: MemoryEnvironment,
  operation: FileOperation,
): CrashPoint {
  const disk = environment.disk.fork();
  const member = cluster.members.get(id);
  const nothing = { operation, disk, term: 0, durable: { index: 0, term: "compacted" } };
  // While it starts nothing more has been promised.
  if (member?.environment !== environment) return nothing;
  const group = cluster.groupOf(id);
  const log = group.parts.storage.log as SegmentedLog;
  const { durableIndex } = log;
  // A log that a snapshot has just replaced ends with it, and promises it only once the marker is durable.
  if (durableIndex < log.firstIndex) return nothing;
  return {
    operation,
    disk,
    term: log.term(durableIndex) === group.term ? group.term : 0,
    durable: { index: durableIndex, term: log.term(durableIndex) },
  };
}

/** Starts the member on what is left, without its network, and judges what it has. */
async function judge(
  point: CrashPoint,
  disk: MemoryDisk,
  id: number,
  order: string,
): Promise<void> {
  const environment = memoryEnvironment({ disk });
  const claim = { clusterId: "test", hostId: id, hostName: "" };
  const identity = await IdentityFile.open(environment, "/data", claim);
  const folder = new DirectoryStorage(environment, "/data", identity, SEGMENT_BYTES);
  const storage = await folder.open(1, () => undefined);
  const machine = new CounterMachine();
  const limits = { sessionsMax: 100, bytesMax: 1 << 20 };
  const { recovered, companion } = await recoverState(machine as never, storage, limits);
  expect(recovered.last.index).toBeGreaterThanOrEqual(point.durable.index);
  expect(recovered.hardState.term).toBeGreaterThanOrEqual(point.term);
  const found = storage.log.term(point.durable.index);
  if (found !== "compacted") expect([found, "compacted"]).toContain(point.durable.term);
  expect(storage.log.firstIndex - 1).toBeLessThanOrEqual(companion.position.index);
  expect(order.startsWith(machine.order.join())).toBe(true);
  await storage.log.close();
}

test.each(SEEDS)(
  "seed %i: whatever change of a member's disk the power goes at, all it was told is durable is there",
  async (seed) => {
    const { id, points, order } = await live(seed);
    const words = order.join();
    const places = new Tally();
    let states = 0;
    for (const [place, point] of points.entries()) {
      places.add(point.operation.kind);
      let looked = 0;
      for (const disk of everyCrash(point.disk)) {
        if (looked === STATES_MAX) break;
        looked += 1;
        states += 1;
        try {
          await judge(point, disk, id, words);
        } catch (error) {
          const { kind, path } = point.operation;
          throw new Error(`point ${place}, ${kind} ${path}, state ${looked}`, { cause: error });
        }
      }
    }
    sayCrashes("folder of a member", places, states);
    expect(states).toBeGreaterThan(500);
    expect(places.names).toEqual(
      expect.arrayContaining(["remove", "rename", "sync", "writeDurably"]),
    );
  },
);
