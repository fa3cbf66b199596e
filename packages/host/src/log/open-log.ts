import type { SnapshotInfo } from "@quorate/core";
import { makeDurableDirectory } from "../environment/durable-directory.ts";
import type { Environment } from "../environment/environment.ts";
import { QuorateError } from "../errors.ts";
import { type Examination, examineLog } from "./examination.ts";
import { SEGMENT_HEADER_BYTES, segmentNumber, TEMPORARY_SUFFIX } from "./log-format.ts";
import { type LogOptions, type LogSettings, resolveLogOptions } from "./log-options.ts";
import { LogReplay } from "./log-replay.ts";
import type { RecoveredLog } from "./log-store.ts";
import { carryOutRecovery, judgeMarkers, removeUseless } from "./recovery.ts";
import { RecoveryError } from "./recovery-error.ts";
import type { RecoveryFinding } from "./recovery-table.ts";
import { SegmentFiles } from "./segment-files.ts";
import { firstRoomBytes } from "./segment-preparation.ts";
import { SegmentedLog } from "./segmented-log.ts";
import { withStorageErrors } from "./storage-error.ts";

/** A log ready for use, and what was found on the way. */
export interface OpenedLog {
  readonly store: SegmentedLog;
  readonly recovered: RecoveredLog;
  /** Everything out of the ordinary, and where the log ended, in the words of the recovery table. */
  readonly findings: readonly RecoveryFinding[];
}

/** `unfinished`: its creation was broken off, and nothing was ever acknowledged from it. */
export type LogPresence = "none" | "unfinished" | "present";

/** Whether there is a log in the folder, without opening it. Damage counts as presence. */
export async function logPresence(
  environment: Environment,
  directory: string,
): Promise<LogPresence> {
  const { files } = environment;
  if (!(await files.exists(directory))) return "none";
  const names = await files.list(directory);
  if (!names.some((name) => segmentNumber(name) !== undefined)) {
    return names.some((name) => name.endsWith(TEMPORARY_SUFFIX)) ? "unfinished" : "none";
  }
  return isUnfinished(await examineLog(environment, directory, undefined))
    ? "unfinished"
    : "present";
}

/**
 * Creates an empty log. Resolves when it is durable with its first batch. What a creation that was broken off left
 * behind is replaced; rejects with ALREADY_EXISTS when there is anything else, with STORAGE_FULL or STORAGE_FAILED
 * when the disk does not play along.
 */
export function createLog(
  environment: Environment,
  directory: string,
  settings: LogSettings,
): Promise<OpenedLog> {
  return withStorageErrors(directory, () => create(environment, directory, settings));
}

async function create(
  environment: Environment,
  directory: string,
  settings: LogSettings,
): Promise<OpenedLog> {
  const options = resolveLogOptions(settings, environment.checksum);
  const presence = await logPresence(environment, directory);
  if (presence === "present") {
    throw new QuorateError("ALREADY_EXISTS", `${directory} has a log already: open it instead`, {
      outcome: "notApplied",
      retryable: false,
    });
  }
  const { files } = environment;
  await makeDurableDirectory(files, directory);
  for (const name of await files.list(directory)) {
    if (segmentNumber(name) !== undefined || name.endsWith(TEMPORARY_SUFFIX)) {
      await files.remove(`${directory}/${name}`);
    }
  }
  const segmentFiles = new SegmentFiles(environment, directory, options.owner);
  const segment = await segmentFiles.create(1, firstRoomBytes(options.segmentBytes));
  const store = new SegmentedLog(environment, segmentFiles, options, {
    replay: new LogReplay(),
    segments: [segment],
    offset: SEGMENT_HEADER_BYTES,
    sequence: 1,
    previousCrc: 0,
    markers: [],
    next: undefined,
  });
  // The first batch makes it a log: from here on an empty one is not mistaken for one that was never begun.
  await store.append({ hardState: undefined, entries: [], snapshot: undefined, sync: true });
  return { store, recovered: describe(store, new LogReplay(), [], 0), findings: [] };
}

/**
 * Recovers and opens a log by the recovery table; what it relies on is durable when it resolves. Rejects with
 * CORRUPT_LOG, CLUSTER_MISMATCH, UNSUPPORTED_VERSION or, when there is no log, IDENTITY_MISSING: never starts empty.
 * STORAGE_FULL and STORAGE_FAILED say that the disk did not play along; nothing is lost by trying again.
 */
export function openLog(
  environment: Environment,
  directory: string,
  settings: LogSettings,
): Promise<OpenedLog> {
  return withStorageErrors(directory, () => open(environment, directory, settings));
}

async function open(
  environment: Environment,
  directory: string,
  settings: LogSettings,
): Promise<OpenedLog> {
  const options = resolveLogOptions(settings, environment.checksum);
  const examination = await examineExisting(environment, directory, options);
  const judged = await judgeMarkers(examination, options.snapshots, options.guardSnapshots);
  if (judged.refusal !== undefined) {
    throw new RecoveryError("CORRUPT_LOG", judged.refusal, directory);
  }
  const { torn } = examination;
  const start = await carryOutRecovery(environment, directory, examination, judged.usable);
  const useless = await removeUseless(options.snapshots, examination, judged.damaged);
  const segmentFiles = new SegmentFiles(environment, directory, options.owner);
  const store = new SegmentedLog(environment, segmentFiles, options, start);
  // A torn tail ends its segment: what follows goes where no half-written byte ever was.
  if (torn !== undefined) await store.beginSegment();
  const newestFirst = judged.usable.map((marker) => marker.info).reverse();
  const tornBytes = torn === undefined ? 0 : torn.to - torn.from;
  return {
    store,
    recovered: describe(store, examination.replay, newestFirst, tornBytes),
    findings: [...examination.findings, ...judged.findings, ...useless],
  };
}

async function examineExisting(
  environment: Environment,
  directory: string,
  options: LogOptions,
): Promise<Examination> {
  const isThere = await environment.files.exists(directory);
  const examination = isThere ? await examineLog(environment, directory, options.owner) : undefined;
  if (examination?.tooNew !== undefined) {
    throw new QuorateError(
      "UNSUPPORTED_VERSION",
      `${directory} was written in format ${examination.tooNew}: use a newer version of this software`,
      { outcome: "notApplied", retryable: false },
    );
  }
  if (examination?.refusal !== undefined) {
    const code = examination.refusal.verdict === "mismatch" ? "CLUSTER_MISMATCH" : "CORRUPT_LOG";
    throw new RecoveryError(code, examination.refusal, directory);
  }
  if (examination === undefined || isUnfinished(examination)) {
    throw new QuorateError(
      "IDENTITY_MISSING",
      `${directory} has no log: a member that has lost its log must come back under a new number`,
      { outcome: "notApplied", retryable: false },
    );
  }
  return examination;
}

/** No batch was ever completed, so nobody was ever told that there is a log. */
function isUnfinished(examination: Examination): boolean {
  if (examination.refusal !== undefined || examination.tooNew !== undefined) return false;
  return examination.segments.every((segment) => segment.content.batches === 0);
}

function describe(
  store: SegmentedLog,
  replay: LogReplay,
  snapshots: readonly SnapshotInfo[],
  truncatedBytes: number,
): RecoveredLog {
  return {
    hardState: replay.hardState,
    firstIndex: store.firstIndex,
    last: { index: store.lastIndex, term: replay.terms.lastTerm },
    snapshots,
    truncatedBytes,
  };
}
