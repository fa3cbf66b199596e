import type { SnapshotInfo } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import type { Examination, ExaminedSegment } from "./examination.ts";
import { SEGMENT_HEADER_BYTES, TORN_SUFFIX } from "./log-format.ts";
import type { SnapshotMarker } from "./log-store.ts";
import { finding, type RecoveryFinding } from "./recovery-table.ts";
import { Segment } from "./segment.ts";
import type { LogStart } from "./segmented-log.ts";
import type { SnapshotCatalog } from "./snapshot-catalog.ts";

/** Torn tails are kept for people to look at; older ones than these few have had their time. */
const TORN_FILES_KEPT = 3;

/** Carries out what the examination found to do, and makes everything it relies on durable. */
export async function carryOutRecovery(
  environment: Environment,
  directory: string,
  examination: Examination,
  markers: readonly SnapshotMarker[],
): Promise<LogStart> {
  const { files } = environment;
  for (const name of examination.leftovers) await files.remove(`${directory}/${name}`);
  const segments: Segment[] = [];
  for (const examined of examination.segments) {
    const isLast = segments.length === examination.segments.length - 1;
    segments.push(await openSegment(environment, directory, examined, isLast));
  }
  const { prepared, torn, replay, chain } = examination;
  const next =
    prepared === undefined ? undefined : await openSegment(environment, directory, prepared, true);
  const last = segments[segments.length - 1] as Segment;
  if (torn !== undefined) await setAside(environment, directory, last, torn, chain.sequence);
  await writeAgain(segments, examination);
  // Names and bytes may so far be known to the page cache alone, if the machine went on when the process ended.
  await files.syncDirectory(directory);
  const end = examination.segments[examination.segments.length - 1]?.end.offset;
  return {
    replay,
    segments,
    offset: end ?? SEGMENT_HEADER_BYTES,
    sequence: chain.sequence,
    previousCrc: chain.previousCrc,
    markers,
    next,
  };
}

export interface JudgedMarkers {
  /** Oldest first, only those whose snapshots can be used. */
  readonly usable: readonly SnapshotMarker[];
  /** Snapshots that cannot be used and are not missed. */
  readonly damaged: readonly SnapshotInfo[];
  readonly findings: readonly RecoveryFinding[];
  readonly refusal: RecoveryFinding | undefined;
}

/** Rows R9 and R10: which of the log's snapshots are there, and whether the log reaches back to the newest of them. */
export async function judgeMarkers(
  examination: Examination,
  catalog: SnapshotCatalog | undefined,
  isGuarded: boolean,
): Promise<JudgedMarkers> {
  const findings: RecoveryFinding[] = [];
  const usable: SnapshotMarker[] = [];
  const damaged: SnapshotInfo[] = [];
  for (const marker of examination.replay.markers) {
    const state = catalog === undefined ? "complete" : await catalog.check(marker.info);
    if (state === "complete") usable.push(marker);
    else findings.push(finding("R9", `snapshot ${marker.info.id} is ${state}`));
    if (state === "damaged") damaged.push(marker.info);
  }
  const base = examination.replay.terms.base.index;
  const newest = usable[usable.length - 1]?.info.index ?? 0;
  const isCutOff = base > newest;
  const refusal =
    isGuarded && isCutOff
      ? finding("R9", `the log begins after entry ${base}, and no snapshot reaches that far`)
      : undefined;
  // Where nothing else leads to the log's beginning, even a damaged snapshot is worth keeping for people to look at.
  return { usable, damaged: isCutOff ? [] : damaged, findings, refusal };
}

/**
 * Row R10: snapshots that no marker names were not installed to the end. Damaged ones go with them, now that the log
 * is known to do without: counted among the newest, they would push a good one out.
 */
export async function removeUseless(
  catalog: SnapshotCatalog | undefined,
  examination: Examination,
  damaged: readonly SnapshotInfo[],
): Promise<readonly RecoveryFinding[]> {
  const findings: RecoveryFinding[] = [];
  if (catalog === undefined) return findings;
  for (const info of damaged) await catalog.remove(info);
  for (const info of await catalog.list()) {
    if (examination.replay.markers.some((marker) => marker.info.id === info.id)) continue;
    await catalog.remove(info);
    findings.push(finding("R10", `snapshot ${info.id} has no marker`));
  }
  return findings;
}

/** A segment as it was found, for reading or for going on in it. */
export async function openSegment(
  environment: Environment,
  directory: string,
  examined: ExaminedSegment,
  isWritten: boolean,
): Promise<Segment> {
  const { name, header, tag, content } = examined;
  const { files } = environment;
  const path = `${directory}/${name}`;
  return new Segment({
    files,
    path,
    name,
    number: header.number,
    tag,
    content,
    // What lies beyond was never announced: it may not be durable, and is prepared again.
    preparedBytes: content.announcedBytes,
    handle: isWritten ? await files.open(path, { mode: "write" }) : undefined,
  });
}

/** Row R2: copies the torn tail to a file of its own, then zeroes it. Doing it again after a crash harms nothing. */
async function setAside(
  environment: Environment,
  directory: string,
  segment: Segment,
  torn: { readonly from: number; readonly to: number },
  sequence: number,
): Promise<void> {
  const { files } = environment;
  const handle = await segment.handle();
  const tail = new Uint8Array(torn.to - torn.from);
  await handle.read(torn.from, tail);
  const path = `${directory}/${segment.name}.${sequence}${TORN_SUFFIX}`;
  if (await files.exists(path)) await files.remove(path);
  const copy = await files.open(path, { mode: "create" });
  await copy.write(0, [tail]);
  await copy.sync();
  await copy.close();
  await files.syncDirectory(directory);
  await handle.write(torn.from, [new Uint8Array(tail.length)]);
  await handle.sync();
  const names = (await files.list(directory)).filter((name) => name.endsWith(TORN_SUFFIX));
  for (const name of names.slice(0, -TORN_FILES_KEPT)) await files.remove(`${directory}/${name}`);
}

/**
 * Writes the batches that nothing proves to be durable a second time, the same bytes to the same place. They were read
 * from the page cache, and after a failed sync that is no proof: the system takes such pages for clean, and the next
 * power loss would take a batch that this process has built on.
 */
async function writeAgain(segments: readonly Segment[], examination: Examination): Promise<void> {
  for (const batch of examination.unproven) {
    const segment = segments.find((candidate) => candidate.number === batch.segment);
    const bytes = await segment?.read(batch.from, batch.to);
    if (segment === undefined || bytes === undefined) continue;
    const writable = await segment.writableHandle();
    await writable.handle.writeDurably(batch.from, [bytes]);
    await writable.release();
  }
}
