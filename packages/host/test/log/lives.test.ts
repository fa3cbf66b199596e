import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { dieAtMutation, type FileFaultHook, failNth } from "../../src/environment/file-faults.ts";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import type { MemoryEnvironment } from "../../src/environment/memory-environment.ts";
import { SeededRandom } from "../../src/environment/seeded-random.ts";
import type { LogSettings } from "../../src/log/log-options.ts";
import { createLog, type OpenedLog, openLog } from "../../src/log/open-log.ts";
import { DIRECTORY, mount, SMALL_SEGMENTS } from "./log-fixture.ts";
import { EMPTY, type ModelState, TrackedLog } from "./log-model.ts";
import { randomStep, run } from "./workload.ts";

// Thousands of cases take their time on a busy machine.
vi.setConfig({ testTimeout: 600_000 });

/** How the process of one life ends, and what that does to the disk. */
interface Life {
  readonly ending: "kill" | "crash" | "close" | "failedSync";
  /** Which change of the disk it ends at, counted from the end of recovery. */
  readonly atMutation: number;
  readonly applied: boolean;
  /** A process that dies while it recovers, before the one that lives. */
  readonly diesRecoveringAt: number | undefined;
  /** One seed per step, so that a failing run can be made smaller step by step. */
  readonly steps: readonly number[];
  readonly crashSeed: number;
}

const life: fc.Arbitrary<Life> = fc.record({
  ending: fc.constantFrom("kill", "crash", "crash", "close", "failedSync"),
  atMutation: fc.integer({ min: 1, max: 30 }),
  applied: fc.boolean(),
  diesRecoveringAt: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
  steps: fc.array(fc.nat({ max: 0xffff_ffff }), { minLength: 5, maxLength: 60, size: "max" }),
  crashSeed: fc.nat(),
});

const settings: fc.Arbitrary<LogSettings> = fc.record({
  clusterId: fc.constant(SMALL_SEGMENTS.clusterId),
  groupId: fc.constant(1),
  memberId: fc.constant(7),
  guardSnapshots: fc.constant(true),
  segmentBytes: fc.constantFrom(4096, 8192),
  cacheBytes: fc.constantFrom(0, 2_000, 1_000_000),
  readCacheBytes: fc.constantFrom(0, 3_000, 1_000_000),
});

async function settle(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) await undefined;
}

function endingFault(ending: Life["ending"], nth: number, applied: boolean): FileFaultHook {
  if (ending !== "failedSync") return dieAtMutation(nth, applied);
  const isDurable = (kind: string): boolean => kind === "writeDurably" || kind === "sync";
  const pages = applied ? "clean" : "drop";
  return failNth(nth, ({ kind }) => isDurable(kind), { type: "error", code: "io", pages });
}

/** Opens the log in a process of its own, or lets that process die on the way. */
async function recover(
  disk: MemoryDisk,
  from: ModelState | undefined,
  chosen: LogSettings,
  fault: FileFaultHook | undefined,
): Promise<{ environment: MemoryEnvironment; opened: OpenedLog | undefined }> {
  const environment = mount(disk, { fault });
  let opened: OpenedLog | undefined;
  let problem: unknown;
  const opening =
    from === undefined
      ? createLog(environment, DIRECTORY, chosen)
      : openLog(environment, DIRECTORY, chosen);
  opening.then(
    (result) => {
      opened = result;
    },
    (error: unknown) => {
      problem = error;
    },
  );
  while (opened === undefined && problem === undefined && !environment.files.isDead) await settle();
  if (problem !== undefined) throw problem;
  return { environment, opened };
}

function end(disk: MemoryDisk, each: Life, salt: number): void {
  if (each.ending === "kill" || each.ending === "failedSync") disk.kill();
  else disk.crash(new SeededRandom(each.crashSeed + salt));
}

async function work(
  tracked: TrackedLog,
  each: Life,
  environment: MemoryEnvironment,
): Promise<void> {
  for (const seed of each.steps) {
    if (environment.files.isDead || tracked.store.failure !== undefined) break;
    const random = new SeededRandom(seed);
    run(tracked, randomStep(random, tracked.state, 400)).catch(() => undefined);
    if (random.chance(0.5)) await settle();
  }
  await settle();
  if (each.ending === "close" && !environment.files.isDead) {
    tracked.store.close().catch(() => undefined);
    await settle();
  }
}

test("a log keeps every promise over many lives that end in every way", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(life, { minLength: 2, maxLength: 6, size: "max" }),
      settings,
      async (lives, chosen) => {
        const disk = new MemoryDisk();
        let state: ModelState | undefined;
        let tracked: TrackedLog | undefined;
        for (const each of lives) {
          if (state !== undefined && each.diesRecoveringAt !== undefined) {
            await recover(disk, state, chosen, dieAtMutation(each.diesRecoveringAt, each.applied));
            end(disk, each, 1);
          }
          const { environment, opened } = await recover(disk, state, chosen, undefined);
          if (opened === undefined) throw new Error("recovery never ended");
          state = tracked === undefined ? EMPTY : await tracked.judge(opened);
          tracked = new TrackedLog(opened.store, state);
          environment.files.fault = endingFault(each.ending, each.atMutation, each.applied);
          await work(tracked, each, environment);
          end(disk, each, 2);
        }
        const { opened } = await recover(disk, state, chosen, undefined);
        expect(opened === undefined || tracked === undefined).toBe(false);
        if (opened !== undefined) await tracked?.judge(opened);
      },
    ),
    { numRuns: 500 },
  );
});
