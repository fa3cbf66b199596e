import type { HardState } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import { ownerMismatch, readWhole } from "./examination.ts";
import { SEGMENT_HEADER_BYTES, segmentName, segmentNumber } from "./log-format.ts";
import type { LogRecord } from "./log-record.ts";
import type { SnapshotMarker } from "./log-store.ts";
import { decodeSegmentHeader, type LogOwner, segmentTag } from "./segment-header.ts";
import { endOfNonZero, holdsBatches, type ScannedBatch, scanIntact } from "./segment-scan.ts";

/** Whether the newest term and vote of a damaged log are still known for certain. */
export type NewestState =
  | {
      readonly type: "proven";
      readonly hardState: HardState;
      /** Named by intact batches of the newest segment, oldest first. */
      readonly markers: readonly SnapshotMarker[];
    }
  | { readonly type: "unproven"; readonly reason: string };

/**
 * Looks for the hard state of the last batch that was ever acknowledged, in a log with damage before it. Every batch
 * repeats the hard state, so it is enough that the log's end is provably its end: nothing but zeros or a torn write
 * behind the newest intact batch, in the newest segment that was ever written to. Changes nothing.
 */
export async function newestState(
  environment: Environment,
  directory: string,
  owner: LogOwner,
): Promise<NewestState> {
  const { files } = environment;
  const numbers = (await files.list(directory))
    .map(segmentNumber)
    .filter((number) => number !== undefined)
    .sort((left, right) => right - left);
  /** Of the segment behind, which was prepared and not used yet. */
  let unusedTag: number | undefined;
  for (const number of numbers) {
    const bytes = await readWhole(files, `${directory}/${segmentName(number)}`, new Uint8Array(0));
    const decoded = decodeSegmentHeader(bytes);
    if (decoded.type !== "valid") return unproven(number, "its header is damaged");
    const { header } = decoded;
    if (ownerMismatch(owner, header.owner) !== undefined || header.number !== number) {
      return unproven(number, "it is another log's");
    }
    if (bytes.length < header.initialBytes) return unproven(number, "its end is missing");
    const tag = segmentTag(header.id);
    if (!holdsBatches(bytes, tag)) {
      const isUnused = endOfNonZero(bytes, SEGMENT_HEADER_BYTES) === SEGMENT_HEADER_BYTES;
      if (!isUnused) return unproven(number, "what stands in it cannot be read");
      unusedTag = tag;
      continue;
    }
    return stateIn(environment, number, bytes, tag, unusedTag);
  }
  return { type: "unproven", reason: "no segment holds an intact batch" };
}

/** The state at the end of the newest segment that was written to. */
function stateIn(
  environment: Environment,
  number: number,
  bytes: Uint8Array,
  tag: number,
  unusedTag: number | undefined,
): NewestState {
  let last: ScannedBatch | undefined;
  const markers: SnapshotMarker[] = [];
  let announcedBytes = 0;
  const end = scanIntact(bytes, tag, environment.checksum, (batch) => {
    last = batch;
    for (const record of batch.records) {
      if (record.kind === "snapshot") markers.push(record);
      if (record.kind === "room") announcedBytes = Math.max(announcedBytes, record.bytes);
    }
  });
  if (end.type === "doubtful") return unproven(number, end.reason);
  if (bytes.length < announcedBytes) return unproven(number, "its end is missing");
  const records: readonly LogRecord[] = last?.records ?? [];
  const seal = records.find((record) => record.kind === "seal");
  if (seal !== undefined && seal.nextTag !== unusedTag) {
    return unproven(number, "the segment behind it is missing");
  }
  const state = records.findLast((record) => record.kind === "state");
  if (state === undefined) return unproven(number, "its last batch holds no state");
  const { term, vote, commit } = state;
  return { type: "proven", hardState: { term, vote, commit }, markers };
}

function unproven(number: number, reason: string): NewestState {
  return { type: "unproven", reason: `segment ${number} is the newest, and ${reason}` };
}
