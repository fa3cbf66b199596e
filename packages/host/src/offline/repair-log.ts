import type { Environment } from "../environment/environment.ts";
import { QuorateError } from "../errors.ts";
import { lockData } from "../host/data-lock.ts";
import { groupDirectories } from "../identity/data-layout.ts";
import { readIdentity } from "../identity/identity-file.ts";
import { openLog } from "../log/open-log.ts";
import { RecoveryError } from "../log/recovery-error.ts";
import type { RecoveryFinding } from "../log/recovery-table.ts";
import { openSnapshots } from "../snapshot/directory-snapshot-store.ts";
import type { GroupId } from "../transport/transport.ts";
import { type LogVerification, verifyLog } from "./verify-log.ts";

/** What a repair came to. Plain data. */
export type LogRepair =
  /** All is in order; nothing was changed. */
  | { readonly type: "nothingToDo"; readonly verification: LogVerification }
  /** What the table allows was done, and the log reads without a complaint now. */
  | {
      readonly type: "repaired";
      /** What was found and dealt with. */
      readonly findings: readonly RecoveryFinding[];
      /** After the repair. */
      readonly verification: LogVerification;
    }
  /** Nothing was changed: acknowledged data is damaged, or the data is not what it should be. */
  | {
      readonly type: "refused";
      readonly reason: string;
      /** The way out. */
      readonly remedy: string;
      readonly verification: LogVerification;
    };

/**
 * Repairs the log of a group in a host's data folder as far as that is provably safe, which is what opening it does:
 * a torn end that was never acknowledged is set aside, files that were being prepared and snapshots that were never
 * installed are deleted. Nothing that may have been acknowledged is ever dropped; then it refuses and changes nothing.
 * Rejects with DATA_LOCKED while a process uses the folder, and with IDENTITY_MISSING when nobody knows whose it is.
 */
export async function repairLog(
  environment: Environment,
  directory: string,
  groupId: GroupId,
): Promise<LogRepair> {
  const lock = await lockData(environment, directory);
  try {
    return await repair(environment, directory, groupId);
  } finally {
    await lock.release();
  }
}

async function repair(
  environment: Environment,
  directory: string,
  groupId: GroupId,
): Promise<LogRepair> {
  const before = await verifyLog(environment, directory, groupId);
  const { verdict } = before.summary;
  if ((verdict !== "good" && verdict !== "tornTail") || !reachesBack(before)) {
    const reason = before.findings.at(-1)?.detail ?? before.remedy;
    return { type: "refused", reason, remedy: before.remedy, verification: before };
  }
  try {
    const findings = await openOnce(environment, directory, groupId);
    const done = [...before.findings, ...findings].filter(isWork);
    if (done.length === 0) return { type: "nothingToDo", verification: before };
    const verification = await verifyLog(environment, directory, groupId);
    return { type: "repaired", findings: distinct(done), verification };
  } catch (error) {
    if (!(error instanceof RecoveryError)) throw error;
    return {
      type: "refused",
      reason: error.finding.detail,
      remedy: error.message,
      verification: before,
    };
  }
}

/** Whether what is left of the snapshots leads to the log's beginning; if not, even damaged ones are worth keeping. */
function reachesBack({ summary, snapshots }: LogVerification): boolean {
  const base = summary.firstIndex - 1;
  if (base === 0 || snapshots.every(({ state }) => state === "complete")) return true;
  return snapshots.some(({ info, state }) => state === "complete" && info.index >= base);
}

/** Opening carries the table out. */
async function openOnce(
  environment: Environment,
  directory: string,
  groupId: GroupId,
): Promise<readonly RecoveryFinding[]> {
  const identity = await readIdentity(environment, directory);
  if (identity === undefined) {
    throw new QuorateError(
      "IDENTITY_MISSING",
      `${directory} has no identity.json, so nobody knows whose log this is: bring the file back first.`,
      { outcome: "notApplied", retryable: false },
    );
  }
  const directories = groupDirectories(directory, groupId);
  const snapshots = await openSnapshots(environment, directories.snapshots, {
    verify: "content",
  });
  const opened = await openLog(environment, directories.log, {
    clusterId: identity.foundedAs,
    memberId: identity.hostId,
    groupId,
    snapshots,
  });
  await opened.store.close();
  return opened.findings;
}

/** The end in order is no work. */
function isWork(found: RecoveryFinding): boolean {
  return found.verdict !== "good";
}

function distinct(findings: readonly RecoveryFinding[]): readonly RecoveryFinding[] {
  const seen = new Set<string>();
  return findings.filter((found) => {
    const key = `${found.row} ${found.file} ${found.offset} ${found.detail}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
