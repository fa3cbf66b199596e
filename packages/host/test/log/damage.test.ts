import { expect, test, vi } from "vitest";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { RecoveryError } from "../../src/log/recovery-error.ts";
import { batches, bytesOf, change, flip, segmentPath, segments } from "./damage.ts";
import { IS_EXHAUSTIVE, sayDamage, Tally } from "./exhaustive.ts";
import { batchOf, create, entries, open, SMALL_SEGMENTS, snapshotInfo } from "./log-fixture.ts";
import { EMPTY, TrackedLog } from "./log-model.ts";

// Thousands of cases take their time on a busy machine.
vi.setConfig({ testTimeout: 600_000 });

/** A log over several segments with everything in it that a log can hold; all of it acknowledged, then a mark. */
async function reference(): Promise<{ disk: MemoryDisk; tracked: TrackedLog }> {
  const disk = new MemoryDisk();
  const { store } = await create(disk, SMALL_SEGMENTS);
  const tracked = new TrackedLog(store, EMPTY);
  for (let index = 1; index <= 70; index += 1) {
    await tracked.append(
      batchOf(entries(index, index, 1, 60), { hardState: { term: 1, vote: 2, commit: index - 1 } }),
    );
  }
  await tracked.append(
    batchOf(entries(70, 75, 2, 60), { hardState: { term: 2, vote: 1, commit: 69 } }),
  );
  const snapshot = { info: snapshotInfo(30, 1), replacesLog: false };
  await tracked.append(batchOf([], { snapshot }));
  for (let index = 76; index <= 90; index += 1)
    await tracked.append(batchOf(entries(index, index, 2, 60)));
  await store.close();
  return { disk, tracked };
}

/**
 * Opens a damaged log. It must be refused, or hold everything that was acknowledged: damage may only go unnoticed
 * where nothing is.
 */
async function outcome(disk: MemoryDisk, tracked: TrackedLog): Promise<string> {
  try {
    const opened = await open(disk, SMALL_SEGMENTS);
    await tracked.judge(opened);
    return "whole";
  } catch (error) {
    if (error instanceof RecoveryError) return error.finding.row;
    throw error;
  }
}

/** One bit of every byte in every run, all eight in the exhaustive one. */
const BITS = IS_EXHAUSTIVE ? 8 : 1;

test("no flipped bit of any segment costs an acknowledged entry in silence", async () => {
  const { disk, tracked } = await reference();
  const verdicts = new Tally();
  const current = segments(disk).findLast((segment) => batches(disk, segment).length > 0);
  for (const segment of segments(disk)) {
    const used = batches(disk, segment).at(-1)?.to ?? 64;
    const size = bytesOf(disk, segment).length;
    const isCurrent = segment === current;
    const marked = isCurrent ? (batches(disk, segment).at(-1)?.from ?? 64) : used;
    for (let at = 0; at < size; at += at < used || IS_EXHAUSTIVE ? 1 : 61) {
      for (let bit = 0; bit < BITS; bit += 1) {
        const damaged = disk.fork();
        change(damaged, segment, (bytes) => flip(bytes, at, (at * 5 + bit) % 8));
        const row = await outcome(damaged, tracked);
        verdicts.add(row);
        // Only the mark at the end, which carries nothing, and room that was never written may be damaged harmlessly.
        if (at < marked) expect([segment, at, row]).not.toEqual([segment, at, "whole"]);
      }
    }
  }
  sayDamage("flipped bits of log segments", verdicts);
  expect(verdicts.names).toEqual(["R3", "R5", "R7", "whole"]);
});

test("whole sectors that come back as zeros or as old bytes are noticed", async () => {
  const { disk, tracked } = await reference();
  const verdicts = new Tally();
  for (const segment of segments(disk)) {
    const used = batches(disk, segment).at(-1)?.to ?? 64;
    for (let from = 0; from < used; from += 512) {
      for (const value of [0, 0xff]) {
        const damaged = disk.fork();
        change(damaged, segment, (bytes) => void bytes.fill(value, from, from + 512));
        const row = await outcome(damaged, tracked);
        verdicts.add(row);
        const isLast = from + 512 >= used && segment === segments(disk).at(-1);
        if (!isLast)
          expect([segment, from, value, row]).not.toEqual([segment, from, value, "whole"]);
      }
    }
  }
  sayDamage("blank sectors of log segments", verdicts);
});

test("no cut at any length costs an acknowledged entry in silence", async () => {
  const { disk, tracked } = await reference();
  const verdicts = new Tally();
  for (const segment of segments(disk)) {
    const whole = bytesOf(disk, segment);
    for (let length = 0; length < whole.length; length += IS_EXHAUSTIVE ? 1 : 13) {
      const damaged = disk.fork();
      damaged.put(segmentPath(segment), whole.slice(0, length));
      const row = await outcome(damaged, tracked);
      verdicts.add(row);
      expect(["R7", "R14"]).toContain(row);
    }
  }
  sayDamage("cuts of log segments", verdicts);
});

test("a batch that ends up in the place of another is noticed", async () => {
  const { disk, tracked } = await reference();
  const places = segments(disk).flatMap((segment) =>
    batches(disk, segment).map((batch) => ({ segment, ...batch })),
  );
  for (const [number, source] of places.entries()) {
    const target = places[(number * 7 + 3) % places.length];
    if (target === undefined || target === source) continue;
    const damaged = disk.fork();
    const bytes = bytesOf(disk, source.segment).slice(source.from, source.to);
    const room = bytesOf(disk, target.segment).length - target.from;
    change(damaged, target.segment, (into) => void into.set(bytes.subarray(0, room), target.from));
    expect([number, await outcome(damaged, tracked)]).not.toEqual([number, "whole"]);
  }
});
