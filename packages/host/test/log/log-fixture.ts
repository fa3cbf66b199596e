import type { Entry, EntryKind, Membership, SnapshotInfo } from "@quorate/core";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import {
  type MemoryEnvironment,
  memoryEnvironment,
} from "../../src/environment/memory-environment.ts";
import type { MemoryFilesOptions } from "../../src/environment/memory-files.ts";
import { MemoryFiles } from "../../src/environment/memory-files.ts";
import { World } from "../../src/environment/world.ts";
import type { LogSettings } from "../../src/log/log-options.ts";
import type { LogBatch } from "../../src/log/log-store.ts";
import { createLog, type OpenedLog, openLog } from "../../src/log/open-log.ts";
import type { SegmentedLog } from "../../src/log/segmented-log.ts";

export const DIRECTORY = "data/group-1";
export const SETTINGS: LogSettings = {
  clusterId: "test",
  groupId: 1,
  memberId: 7,
  guardSnapshots: true,
};
/** The smallest there are, so that a few entries fill several. */
export const SMALL_SEGMENTS: LogSettings = { ...SETTINGS, segmentBytes: 4096 };

const MEMBERSHIP: Membership = {
  voters: [1, 2, 3],
  outgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
};

export function entry(
  index: number,
  term: number,
  payload: string | number = "",
  kind: EntryKind = "command",
): Entry {
  const bytes =
    typeof payload === "number"
      ? new Uint8Array(payload).fill(index % 251)
      : new TextEncoder().encode(payload);
  return { index, term, kind, payload: bytes };
}

export function entries(from: number, to: number, term: number, payloadBytes = 10): Entry[] {
  const made: Entry[] = [];
  for (let index = from; index <= to; index += 1) made.push(entry(index, term, payloadBytes));
  return made;
}

export function batchOf(entriesToAppend: readonly Entry[], more: Partial<LogBatch> = {}): LogBatch {
  return {
    hardState: undefined,
    entries: entriesToAppend,
    snapshot: undefined,
    sync: true,
    ...more,
  };
}

export function snapshotInfo(index: number, term: number, id = `s${index}`): SnapshotInfo {
  return { index, term, id, bytes: 100, membership: MEMBERSHIP };
}

export function mount(
  disk: MemoryDisk,
  options: MemoryFilesOptions = {},
  seed = 1,
): MemoryEnvironment {
  return memoryEnvironment({ files: new MemoryFiles(disk, options), world: new World({ seed }) });
}

export interface Opened extends OpenedLog {
  readonly environment: MemoryEnvironment;
}

export async function create(
  disk: MemoryDisk = new MemoryDisk(),
  settings: LogSettings = SETTINGS,
  seed = 1,
): Promise<Opened> {
  const environment = mount(disk, {}, seed);
  const opened = await createLog(environment, DIRECTORY, settings);
  return { ...opened, environment };
}

export async function open(disk: MemoryDisk, settings: LogSettings = SETTINGS): Promise<Opened> {
  const environment = mount(disk);
  const opened = await openLog(environment, DIRECTORY, settings);
  return { ...opened, environment };
}

/** Everything the log holds, as short text: index, term, payload. */
export async function contents(store: SegmentedLog): Promise<string[]> {
  const held: string[] = [];
  let next = store.firstIndex;
  while (next <= store.lastIndex) {
    const read = await store.read(next, store.lastIndex + 1, 1_000);
    if (read.length === 0) throw new Error(`nothing at ${next}`);
    for (const found of read) held.push(shortly(found));
    next += read.length;
  }
  return held;
}

export function shortly(found: Entry): string {
  return `${found.index}/${found.term} ${found.kind} ${found.payload.join("")}`;
}
