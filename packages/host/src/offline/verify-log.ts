import type { SnapshotInfo } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import { groupDirectories } from "../identity/data-layout.ts";
import { inspectLog, type LogSummary } from "../log/inspect-log.ts";
import { finding, RECOVERY_REMEDIES, type RecoveryFinding } from "../log/recovery-table.ts";
import { ROWS_OF_ROT } from "../refill/salvage.ts";
import { DirectorySnapshotStore } from "../snapshot/directory-snapshot-store.ts";
import type { GroupId } from "../transport/transport.ts";

/** A start may mend it: with what the other members have. */
const REFILL_FIRST =
  "Start the member: where its newest vote is certain, the other members give back what it lost. If it refuses to start:";

/** A snapshot that the log vouches for, and what became of it. */
export interface VerifiedSnapshot {
  readonly info: SnapshotInfo;
  /** All of its content was read and compared with its checksums. */
  readonly state: "complete" | "missing" | "damaged";
}

/** What a reader of everything says about one group's data. Plain data. */
export interface LogVerification {
  readonly groupId: GroupId;
  /** What the intact part of the log adds up to, and what opening it would come to. */
  readonly summary: LogSummary;
  /** Everything out of the ordinary, and where the log ended, in the words of the recovery table. */
  readonly findings: readonly RecoveryFinding[];
  /** Newest first. */
  readonly snapshots: readonly VerifiedSnapshot[];
  /** One plain sentence or two: what to do now. Empty when there is nothing to do. */
  readonly remedy: string;
}

/**
 * Reads the whole log of a group and all content of its snapshots, and changes nothing. `directory` is the host's data
 * folder, which no process may be using: a log that is being written looks torn.
 */
export async function verifyLog(
  environment: Environment,
  directory: string,
  groupId: GroupId,
): Promise<LogVerification> {
  const { log } = groupDirectories(directory, groupId);
  const findings: RecoveryFinding[] = [];
  let summary: LogSummary | undefined;
  if (await environment.files.exists(log)) {
    for await (const item of inspectLog(environment, log)) {
      if (item.type === "finding") findings.push(item.finding);
      if (item.type === "end") summary = item;
    }
  }
  if (summary === undefined) return { ...nothingThere(groupId) };
  const snapshots = await verifySnapshots(environment, directory, groupId, summary);
  findings.push(...snapshotFindings(snapshots));
  return { groupId, summary, findings, snapshots, remedy: remedyFor(summary, findings, snapshots) };
}

async function verifySnapshots(
  environment: Environment,
  directory: string,
  groupId: GroupId,
  summary: LogSummary,
): Promise<readonly VerifiedSnapshot[]> {
  const path = groupDirectories(directory, groupId).snapshots;
  const store = new DirectorySnapshotStore(environment, path, { verify: "content" });
  const verified: VerifiedSnapshot[] = [];
  for (const info of summary.snapshots) verified.push({ info, state: await store.check(info) });
  return verified;
}

function snapshotFindings(snapshots: readonly VerifiedSnapshot[]): RecoveryFinding[] {
  return snapshots
    .filter(({ state }) => state !== "complete")
    .map(({ info, state }) => finding("R9", `snapshot ${info.id} is ${state}`));
}

function remedyFor(
  summary: LogSummary,
  findings: readonly RecoveryFinding[],
  snapshots: readonly VerifiedSnapshot[],
): string {
  switch (summary.verdict) {
    case "tooNew":
      return "Use the version of this software that wrote the log, or a newer one.";
    case "empty":
      return "No log was ever completed here.";
    case "refused": {
      const refusing = findings.find(({ row }) => RECOVERY_REMEDIES[row] !== undefined);
      const remedy = refusing === undefined ? "" : (RECOVERY_REMEDIES[refusing.row] ?? "");
      const canRefill = refusing !== undefined && ROWS_OF_ROT.has(refusing.row);
      return canRefill ? `${REFILL_FIRST} ${remedy}` : remedy;
    }
    case "tornTail":
      return "Start the member, or repair the log: the torn end was never acknowledged and is set aside.";
    case "good":
      return snapshotRemedy(summary, snapshots);
  }
}

/** A state machine with durable state of its own needs none; which kind it is does not stand in the data. */
function snapshotRemedy(summary: LogSummary, snapshots: readonly VerifiedSnapshot[]): string {
  if (snapshots.every(({ state }) => state === "complete")) return "";
  const base = summary.firstIndex - 1;
  const reaches = snapshots.some(({ info, state }) => state === "complete" && info.index >= base);
  if (base === 0 || reaches) return "Start the member: it does without the damaged snapshot.";
  return `No snapshot reaches back to entry ${summary.firstIndex}, where the log begins. A state machine that keeps its own data starts all the same. Otherwise: ${RECOVERY_REMEDIES.R9 ?? ""}`;
}

function nothingThere(groupId: GroupId): LogVerification {
  const summary: LogSummary = {
    verdict: "empty",
    hardState: { term: 0, vote: 0, commit: 0 },
    firstIndex: 1,
    last: { index: 0, term: 0 },
    snapshots: [],
    batches: 0,
    tornBytes: 0,
  };
  return { groupId, summary, findings: [], snapshots: [], remedy: "There is no log here." };
}
