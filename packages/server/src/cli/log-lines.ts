import type {
  InspectedRecord,
  LogInspectionItem,
  LogSummary,
  LogVerification,
  RecoveryFinding,
} from "@quorate/host";

/** Bytes of a command that are shown; it belongs to whoever proposed it and can be anything. */
const SHOWN_BYTES = 16;

/** One thing an inspection came across, as lines for people. */
export function itemLines(item: LogInspectionItem): readonly string[] {
  switch (item.type) {
    case "segment": {
      const { clusterHash, memberId, groupId } = item.owner;
      const owner = `cluster ${clusterHash}, member ${memberId}, group ${groupId}`;
      return [`segment ${item.file} (${item.fileBytes} bytes, id ${item.id}): ${owner}`];
    }
    case "batch":
      return [
        `  batch ${item.sequence} at ${item.offset} (${item.bytes} bytes), durable through ${item.durableThrough}`,
        ...item.records.flatMap(recordLines),
      ];
    case "finding":
      return [findingLine(item.finding)];
    case "end":
      return [summaryLine(item)];
  }
}

function recordLines(record: InspectedRecord): readonly string[] {
  switch (record.kind) {
    case "entries":
      return record.entries.map(
        ({ index, term, kind, payload }) =>
          `    entry ${index}, term ${term}: ${kind}, ${payload.length} bytes${preview(payload)}`,
      );
    case "state":
      return [`    state: term ${record.term}, vote ${record.vote}, commit ${record.commit}`];
    case "snapshot": {
      const { index, term, id } = record.info;
      const how = record.replacesLog ? ", replaces the log" : record.isRepeated ? ", repeated" : "";
      return [`    snapshot ${id} at ${index}, term ${term}${how}`];
    }
    case "truncate":
      return [`    everything after ${record.last.index} is void`];
    case "base":
      return [`    begins after ${record.last.index}, term ${record.last.term}`];
    case "seal": {
      const { entryCount, firstIndex, lastIndex } = record;
      return [`    seal: ${entryCount} entries, ${firstIndex} to ${lastIndex}`];
    }
    case "room":
      return [`    the file has at least ${record.bytes} bytes`];
  }
}

function preview(payload: Uint8Array): string {
  if (payload.length === 0) return "";
  const hex = Buffer.from(payload.subarray(0, SHOWN_BYTES)).toString("hex");
  return `, ${hex}${payload.length > SHOWN_BYTES ? "…" : ""}`;
}

/** A finding, with the row of the recovery table that says what it means. */
export function findingLine({ row, file, offset, detail, verdict }: RecoveryFinding): string {
  const where = file === "" ? "" : ` ${file}${offset === 0 ? "" : ` at ${offset}`}`;
  return `${row} (${verdict})${where}: ${detail}`;
}

function summaryLine({
  verdict,
  hardState,
  firstIndex,
  last,
  batches,
  tornBytes,
}: LogSummary): string {
  const entries = last.index < firstIndex ? "no entries" : `entries ${firstIndex} to ${last.index}`;
  const torn = tornBytes === 0 ? "" : `, ${tornBytes} bytes of a torn end`;
  return `${verdict}: ${entries} in ${batches} batches, term ${hardState.term}, commit ${hardState.commit}${torn}`;
}

/** A verification as lines for people. */
export function verificationLines(verification: LogVerification): readonly string[] {
  const { groupId, summary, findings, snapshots, remedy } = verification;
  return [
    `group ${groupId}: ${summaryLine(summary)}`,
    ...snapshots.map(({ info, state }) => `  snapshot ${info.id} at ${info.index}: ${state}`),
    ...findings
      .filter(({ verdict }) => verdict !== "good")
      .map((found) => `  ${findingLine(found)}`),
    ...(remedy === "" ? [] : [`  ${remedy}`]),
  ];
}

/** Bytes and big integers as JSON has them: base64, and text. */
export function jsonReady(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return typeof value === "bigint" ? value.toString() : value;
}
