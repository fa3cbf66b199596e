import type { HardState, LogIndex, Membership, SnapshotInfo } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import { type Examination, examineLog } from "../log/examination.ts";
import type { LogSettings } from "../log/log-options.ts";
import { logOwner } from "../log/log-options.ts";
import { LogReader } from "../log/log-reader.ts";
import type { SnapshotMarker } from "../log/log-store.ts";
import { newestState } from "../log/newest-state.ts";
import { createLog } from "../log/open-log.ts";
import { openSegment } from "../log/recovery.ts";
import type { RecoveryRow } from "../log/recovery-table.ts";
import type { SegmentedLog } from "../log/segmented-log.ts";
import type { SnapshotCatalog } from "../log/snapshot-catalog.ts";

/** Rows that mean lost bytes. The others mean the wrong folder, other software or a mistake, which no copying mends. */
export const ROWS_OF_ROT: ReadonlySet<RecoveryRow> = new Set(["R3", "R5", "R7", "R8", "R14"]);

/** Entries copied at a time. */
const COPY_BYTES = 4 << 20;

/** What a damaged log still says for certain. */
export interface Salvage {
  /** The newest term and vote: what was promised is promised. */
  readonly hardState: HardState;
  /** The newest snapshot whose content is whole. */
  readonly snapshot: SnapshotInfo | undefined;
  /** Committed entries up to here are whole, from 1 or from behind `snapshot`; below it means none. */
  readonly keptThrough: LogIndex;
  /** Who belonged to the group by the newest snapshot, undefined when the log does not tell. */
  readonly membership: Membership | undefined;
  readonly examination: Examination;
}

export type SalvageOutcome =
  | { readonly type: "possible"; readonly salvage: Salvage }
  | { readonly type: "impossible"; readonly reason: string };

/** Reads what is left of a log that opening has refused, or whose snapshots are gone. Changes nothing. */
export async function salvageLog(
  environment: Environment,
  directory: string,
  settings: LogSettings,
  catalog: SnapshotCatalog,
): Promise<SalvageOutcome> {
  const owner = logOwner(settings, environment.checksum);
  const examination = await examineLog(environment, directory, owner);
  const { refusal, replay, segments } = examination;
  if (examination.tooNew !== undefined) return impossible("a newer version wrote it");
  const isForeign = segments.at(-1)?.end.rest.type === "foreign";
  if (refusal !== undefined && (!ROWS_OF_ROT.has(refusal.row) || isForeign)) {
    return impossible("what is wrong with it is no rot");
  }
  const newest =
    refusal === undefined
      ? { type: "proven" as const, hardState: replay.hardState, markers: replay.markers }
      : await newestState(environment, directory, owner);
  if (newest.type === "unproven") {
    return impossible(`its newest vote cannot be proven: ${newest.reason}`);
  }
  const markers = distinct([...replay.markers, ...newest.markers]);
  const snapshot = await newestComplete(markers, catalog);
  // What was not committed by then may have been replaced in the part that is lost.
  const committed = Math.min(replay.hardState.commit, replay.terms.lastIndex);
  const isReached = replay.terms.base.index <= (snapshot?.index ?? 0);
  const salvage: Salvage = {
    hardState: newest.hardState,
    snapshot,
    keptThrough: isReached ? committed : 0,
    membership: markers[0]?.membership,
    examination,
  };
  return { type: "possible", salvage };
}

/** Makes a log of what was salvaged, in a folder of its own, in the term after the newest that was promised anything. */
export async function writeSalvage(
  environment: Environment,
  source: string,
  target: string,
  settings: LogSettings,
  salvage: Salvage,
): Promise<void> {
  await environment.files.removeTree(target);
  const { store } = await createLog(environment, target, settings);
  try {
    const { snapshot, hardState } = salvage;
    const base = snapshot?.index ?? 0;
    const state = { term: hardState.term + 1, vote: 0, commit: base };
    const marker: SnapshotMarker | undefined =
      snapshot === undefined ? undefined : { info: snapshot, replacesLog: true };
    await store.append({ hardState: state, entries: [], snapshot: marker, sync: true });
    await copyEntries(environment, source, store, salvage, state);
  } finally {
    await store.close();
  }
}

async function copyEntries(
  environment: Environment,
  source: string,
  store: SegmentedLog,
  { examination, keptThrough }: Salvage,
  state: HardState,
): Promise<void> {
  const segments = await Promise.all(
    examination.segments.map((segment) => openSegment(environment, source, segment, false)),
  );
  const { extents } = examination.replay;
  const reader = new LogReader(extents, () => segments, environment.checksum);
  try {
    while (store.lastIndex < keptThrough) {
      const low = store.lastIndex + 1;
      const loaded = await reader.load(low, keptThrough + 1, COPY_BYTES);
      const entries = (loaded?.entries ?? []).filter((entry) => entry.index <= keptThrough);
      const last = entries.at(-1);
      if (last === undefined) return;
      const hardState = { ...state, commit: last.index };
      await store.append({ hardState, entries, snapshot: undefined, sync: true });
    }
  } finally {
    for (const segment of segments) await segment.retire();
  }
}

/** Newest first. */
function distinct(markers: readonly SnapshotMarker[]): readonly SnapshotInfo[] {
  const byId = new Map(markers.map(({ info }) => [info.id, info]));
  return [...byId.values()].sort((left, right) => right.index - left.index);
}

async function newestComplete(
  newestFirst: readonly SnapshotInfo[],
  catalog: SnapshotCatalog,
): Promise<SnapshotInfo | undefined> {
  for (const info of newestFirst) if ((await catalog.check(info)) === "complete") return info;
  return undefined;
}

function impossible(reason: string): SalvageOutcome {
  return { type: "impossible", reason };
}
