import { expect, test, vi } from "vitest";
import type { FileOperation } from "../../src/environment/file-faults.ts";
import { dieAtMutation, isMutation } from "../../src/environment/file-faults.ts";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { SeededRandom } from "../../src/environment/seeded-random.ts";
import { createLog, logPresence, openLog } from "../../src/log/open-log.ts";
import { everyCrash } from "./every-crash.ts";
import { IS_EXHAUSTIVE, sayCrashes, Tally } from "./exhaustive.ts";
import { DIRECTORY, mount, SMALL_SEGMENTS } from "./log-fixture.ts";
import { EMPTY, lastIndex, type ModelState, TrackedLog } from "./log-model.ts";
import { randomStep, run, type Step } from "./workload.ts";

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
  steps: Tally,
): Promise<void> {
  for (let count = 0; count < STEPS && !isDead(); count += 1) {
    const step = randomStep(random, tracked.state, 300);
    steps.add(nameOf(step, tracked.state));
    void run(tracked, step);
    if (random.chance(0.6)) await settle();
  }
  await settle();
}

/** What a log calls such a step. */
function nameOf(step: Step, state: ModelState): string {
  if (step.type === "compact") return "compaction";
  const { entries, snapshot } = step.batch;
  if (snapshot !== undefined) return snapshot.replacesLog ? "installed snapshot" : "snapshot";
  const first = entries[0];
  if (first === undefined) return "hard state";
  return first.index <= lastIndex(state) ? "truncation" : "append";
}

interface Ended {
  readonly disk: MemoryDisk;
  readonly tracked: TrackedLog | undefined;
  /** Changes of the disk, in their order. */
  readonly mutations: readonly FileOperation[];
  readonly steps: Tally;
}

/** The whole life of a log until it ends at its `point`-th change of the disk. */
async function live(seed: number, point: number, applied: boolean): Promise<Ended> {
  const disk = new MemoryDisk();
  const mutations: FileOperation[] = [];
  const steps = new Tally();
  const environment = mount(disk, {
    trace: (operation) => {
      if (isMutation(operation)) mutations.push(operation);
    },
    fault: dieAtMutation(point, applied),
  });
  let tracked: TrackedLog | undefined;
  void createLog(environment, DIRECTORY, SMALL_SEGMENTS).then(({ store }) => {
    tracked = new TrackedLog(store, EMPTY);
  });
  while (tracked === undefined && !environment.files.isDead) await settle();
  if (tracked !== undefined) {
    await work(tracked, new SeededRandom(seed), () => environment.files.isDead, steps);
  }
  return { disk, tracked, mutations, steps };
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

const SEEDS = IS_EXHAUSTIVE ? 60 : 8;

/** Judges every state of the disk that the death of a process may leave; returns how many there are. */
async function judgeAll(ended: Ended): Promise<number> {
  const killed = ended.disk.fork();
  killed.kill();
  let states = 0;
  for (const disk of [killed, ...everyCrash(ended.disk)]) {
    states += 1;
    try {
      await recoverAndJudge({ ...ended, disk });
    } catch (error) {
      throw new Error(`state ${states}`, { cause: error });
    }
  }
  return states;
}

test("whatever write the process dies at, and whatever sectors survive, nothing acknowledged is lost", async () => {
  const places = new Tally();
  const steps = new Set<string>();
  let states = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const whole = await live(seed, Number.POSITIVE_INFINITY, true);
    expect(whole.mutations.length).toBeGreaterThan(60);
    for (const name of whole.steps.names) steps.add(name);
    // Four kilobytes each: a life goes through several segments.
    expect(whole.mutations.filter(({ kind }) => kind === "rename").length).toBeGreaterThan(2);
    for (const [before, operation] of whole.mutations.entries()) {
      for (const applied of [true, false]) {
        places.add(operation.kind);
        try {
          states += await judgeAll(await live(seed, before + 1, applied));
        } catch (error) {
          const { kind, path } = operation;
          const where = `seed ${seed}, change ${before + 1} (${kind} ${path}), applied ${applied}`;
          throw new Error(where, { cause: error });
        }
      }
    }
  }
  sayCrashes("log", places, states);
  expect(states).toBeGreaterThan(SEEDS * 800);
  expect([...steps].sort()).toEqual([
    "append",
    "compaction",
    "hard state",
    "installed snapshot",
    "snapshot",
    "truncation",
  ]);
});
