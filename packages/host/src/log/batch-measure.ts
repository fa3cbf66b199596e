import type { Entry, LogIndex } from "@quorate/core";
import { QuorateError } from "../errors.ts";
import { entriesBytesMax, markerBytesMax, TRUNCATE_BYTES_MAX } from "./batch-encoder.ts";
import type { LogBatch } from "./log-store.ts";
import { encodeMarker } from "./record-writer.ts";

/** A single append beyond this is a mistake of the caller: batches are addressed with 32 bits. */
const APPEND_BYTES_MAX = 1 << 30;

/**
 * Upper bound of the bytes that a batch's records take, for a log that holds entries (`base`, `last`]. A batch that
 * does not continue such a log is a mistake of the caller: the answer is an error then.
 */
export function measureBatch(
  batch: LogBatch,
  base: LogIndex,
  last: LogIndex,
): number | QuorateError {
  const { entries, hardState, snapshot } = batch;
  const replaced = snapshot?.replacesLog === true ? snapshot.info.index : undefined;
  const begin = replaced ?? base;
  let end = replaced ?? last;
  let bytes = snapshot === undefined ? 0 : markerBytesMax(encodeMarker(snapshot, false));
  const first = entries[0];
  if (first !== undefined) {
    if (first.index <= begin || first.index > end + 1) {
      return invalid(`entry ${first.index} does not follow ${end}`);
    }
    end = first.index + entries.length - 1;
    const entriesBytes = measureEntries(entries);
    if (entriesBytes instanceof QuorateError) return entriesBytes;
    bytes += TRUNCATE_BYTES_MAX + entriesBytes;
  }
  if (hardState !== undefined && hardState.commit > end) {
    return invalid(`commit ${hardState.commit} is beyond the last entry ${end}`);
  }
  return bytes;
}

function measureEntries(entries: readonly Entry[]): number | QuorateError {
  let payloadBytes = 0;
  let runs = 0;
  let term = -1;
  let index = (entries[0] as Entry).index;
  for (const entry of entries) {
    if (entry.index !== index) return invalid(`entry ${entry.index} stands in place of ${index}`);
    if (entry.term < term) return invalid(`entry ${index} goes back to term ${entry.term}`);
    if (entry.term !== term) {
      term = entry.term;
      runs += 1;
    }
    payloadBytes += entry.payload.length;
    index += 1;
  }
  if (payloadBytes > APPEND_BYTES_MAX) {
    return new QuorateError("TOO_LARGE", `${payloadBytes} bytes do not go into one append`, {
      outcome: "notApplied",
      retryable: false,
    });
  }
  return entriesBytesMax(entries.length, payloadBytes, runs);
}

function invalid(reason: string): QuorateError {
  return new QuorateError("INVALID_ARGUMENT", `this batch does not continue the log: ${reason}`, {
    outcome: "notApplied",
    retryable: false,
  });
}
