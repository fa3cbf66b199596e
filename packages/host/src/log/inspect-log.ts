import type { Entry, HardState, LogPosition, SnapshotInfo } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import { type ExaminationListener, Examiner } from "./examination.ts";
import type { LogRecord } from "./log-record.ts";
import { readEntries } from "./record-reader.ts";
import type { RecoveryFinding } from "./recovery-table.ts";
import type { LogOwner } from "./segment-header.ts";
import type { ScannedBatch } from "./segment-scan.ts";

/** What an inspection comes across, in the order of the log. */
export type LogInspectionItem =
  | {
      readonly type: "segment";
      readonly file: string;
      readonly number: number;
      /** The segment's random id, 16 hex digits. */
      readonly id: string;
      readonly owner: LogOwner;
      readonly fileBytes: number;
    }
  | {
      readonly type: "batch";
      readonly file: string;
      readonly offset: number;
      readonly bytes: number;
      readonly sequence: number;
      readonly durableThrough: number;
      readonly records: readonly InspectedRecord[];
    }
  | { readonly type: "finding"; readonly finding: RecoveryFinding }
  | ({ readonly type: "end" } & LogSummary);

/** A record with its entries as values of their own; the payloads are copies. */
export type InspectedRecord =
  | Exclude<LogRecord, { readonly kind: "entries" }>
  | { readonly kind: "entries"; readonly entries: readonly Entry[] };

/** What the intact part of the log adds up to. */
export interface LogSummary {
  /** What opening the log would come to: `refused` if the table refuses it. */
  readonly verdict: "good" | "tornTail" | "refused" | "empty" | "tooNew";
  readonly hardState: HardState;
  readonly firstIndex: number;
  readonly last: LogPosition;
  /** By the log's markers, newest first; their files were not looked at. */
  readonly snapshots: readonly SnapshotInfo[];
  readonly batches: number;
  /** Bytes of a torn tail that opening would set aside. */
  readonly tornBytes: number;
}

/**
 * Reads a log that nobody has open, without changing anything: every segment, every batch with its records, everything
 * out of the ordinary, and the verdict. Stops at the first thing that opening would be refused for.
 */
export async function* inspectLog(
  environment: Environment,
  directory: string,
): AsyncGenerator<LogInspectionItem, void, undefined> {
  const items: LogInspectionItem[] = [];
  let batches = 0;
  const listener: ExaminationListener = {
    onSegment: (file, header, fileBytes) => {
      const { number, id, owner } = header;
      items.push({ type: "segment", file, number, id, owner, fileBytes });
    },
    onBatch: (file, batch, bytes) => {
      batches += 1;
      items.push(inspectBatch(file, batch, bytes));
    },
  };
  const examiner = new Examiner(environment, directory, undefined, listener);
  const steps = examiner.steps();
  while (!(await steps.next()).done) yield* items.splice(0);
  for (const finding of examiner.findings) yield { type: "finding", finding };
  yield { type: "end", ...summarize(examiner, batches) };
}

function inspectBatch(file: string, batch: ScannedBatch, bytes: Uint8Array): LogInspectionItem {
  const { sequence, durableThrough } = batch.header;
  return {
    type: "batch",
    file,
    offset: batch.from,
    bytes: batch.to - batch.from,
    sequence,
    durableThrough,
    records: batch.records.map((record) => inspectRecord(record, bytes)),
  };
}

function inspectRecord(record: LogRecord, bytes: Uint8Array): InspectedRecord {
  if (record.kind !== "entries") return record;
  const entries: Entry[] = [];
  readEntries(bytes, record, 0, Number.POSITIVE_INFINITY, (entry) => {
    entries.push({ ...entry, payload: entry.payload.slice() });
  });
  return { kind: "entries", entries };
}

function summarize(examiner: Examiner, batches: number): LogSummary {
  const { replay, torn } = examiner;
  return {
    verdict: verdictOf(examiner, batches),
    hardState: replay.hardState,
    firstIndex: replay.terms.base.index + 1,
    last: replay.terms.last,
    snapshots: replay.markers.map((marker) => marker.info).reverse(),
    batches,
    tornBytes: torn === undefined ? 0 : torn.to - torn.from,
  };
}

function verdictOf(examiner: Examiner, batches: number): LogSummary["verdict"] {
  if (examiner.tooNew !== undefined) return "tooNew";
  if (examiner.refusal !== undefined) return "refused";
  if (batches === 0) return "empty";
  return examiner.torn === undefined ? "good" : "tornTail";
}
