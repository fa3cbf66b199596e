import { expect, test, vi } from "vitest";
import { dieAtMutation } from "../../src/environment/file-faults.ts";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { SeededRandom } from "../../src/environment/seeded-random.ts";
import { createLog, logPresence, openLog } from "../../src/log/open-log.ts";
import { everyCrash } from "./every-crash.ts";
import { DIRECTORY, mount, SMALL_SEGMENTS } from "./log-fixture.ts";
import { EMPTY, type ModelState, TrackedLog } from "./log-model.ts";
import { randomStep, run } from "./workload.ts";

// Thousands of cases take their time on a busy machine.
vi.setConfig({ testTimeout: 600_000 });

const STEPS = 60;

/** Lets everything that promises have made runnable run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) await undefined;
}

/** Steps of one workload, several at a time, until all are done or the process has died. */
async function work(
  tracked: TrackedLog,
  random: SeededRandom,
  isDead: () => boolean,
): Promise<void> {
  for (let step = 0; step < STEPS && !isDead(); step += 1) {
    void run(tracked, randomStep(random, tracked.state, 300));
    if (random.chance(0.6)) await settle();
  }
  await settle();
}

interface Ended {
  readonly disk: MemoryDisk;
  readonly tracked: TrackedLog | undefined;
  readonly mutations: number;
}

/** The whole life of a log until it ends at its `point`-th change of the disk. */
async function live(seed: number, point: number, applied: boolean): Promise<Ended> {
  const disk = new MemoryDisk();
  let mutations = 0;
  const environment = mount(disk, {
    trace: (operation) => {
      if (operation.kind !== "read" && operation.kind !== "list") mutations += 1;
    },
    fault: dieAtMutation(point, applied),
  });
  let tracked: TrackedLog | undefined;
  void createLog(environment, DIRECTORY, SMALL_SEGMENTS).then(({ store }) => {
    tracked = new TrackedLog(store, EMPTY);
  });
  while (tracked === undefined && !environment.files.isDead) await settle();
  if (tracked !== undefined) {
    await work(tracked, new SeededRandom(seed), () => environment.files.isDead);
  }
  return { disk, tracked, mutations };
}

async function recoverAndJudge(ended: Ended): Promise<ModelState> {
  const environment = mount(ended.disk);
  const isThere = (await logPresence(environment, DIRECTORY)) === "present";
  if (!isThere && ended.tracked !== undefined) throw new Error("the log is gone");
  const begin = isThere ? openLog : createLog;
  const opened = await begin(environment, DIRECTORY, SMALL_SEGMENTS);
  const tracked = ended.tracked ?? new TrackedLog(opened.store, EMPTY);
  return tracked.judge(opened);
}

/** More seeds than in every run: `QUORATE_CRASH_SEEDS=40 npx vitest run packages/host/test/log/crash-points.test.ts`. */
const SEEDS = Number(process.env["QUORATE_CRASH_SEEDS"] ?? 8);

test("whatever write the process dies at, and whatever sectors survive, nothing acknowledged is lost", async () => {
  let points = 0;
  let crashes = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const whole = await live(seed, Number.POSITIVE_INFINITY, true);
    expect(whole.mutations).toBeGreaterThan(60);
    for (let point = 1; point <= whole.mutations; point += 1) {
      for (const applied of [true, false]) {
        const ended = await live(seed, point, applied);
        points += 1;
        const killed = ended.disk.fork();
        killed.kill();
        let crash = 0;
        for (const disk of [killed, ...everyCrash(ended.disk)]) {
          crashes += 1;
          crash += 1;
          try {
            await recoverAndJudge({ ...ended, disk });
          } catch (error) {
            throw new Error(`seed ${seed}, point ${point}, applied ${applied}, crash ${crash}`, {
              cause: error,
            });
          }
        }
      }
    }
  }
  process.stdout.write(`${points} places to die at, ${crashes} states of the disk behind them\n`);
  expect(crashes).toBeGreaterThan(SEEDS * 800);
});
