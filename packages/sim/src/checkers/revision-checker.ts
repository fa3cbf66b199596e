import type { KeyChange, KeyHistory } from "./key-history.ts";
import type { Violation } from "./violation.ts";

/** Something an operation saw: `key` held `value`, or with `equal` false anything else. */
export interface Observation {
  readonly key: string;
  readonly value: string | null;
  readonly equal: boolean;
}

/** One operation on a store that numbers its states. */
export interface RevisionedOperation {
  readonly client: number;
  /** Unique where it writes: its values carry it. */
  readonly id: string;
  readonly calledAt: number;
  /** Infinity when the outcome is unknown. */
  readonly returnedAt: number;
  /** The answer's revision; undefined when the outcome is unknown. */
  readonly revision: number | undefined;
  /** True when the answer was "not applied, and never will be". */
  readonly refused: boolean;
  /** What it changes if it takes effect. Empty for reads. */
  readonly changes: readonly KeyChange[];
  /** What it saw, just before its changes. */
  readonly observed: readonly Observation[];
  /** Reads that may be answered from the past of one member keep to the history, but not to real time. */
  readonly mayBeStale?: boolean | undefined;
}

export const REVISION_CHECKER = "strict serializability by revision";

/**
 * Checks a store whose answers carry revisions, without any search: every acknowledged write is in the history at its
 * revision, every refused one is not, an unknown one is there at most once, every read saw its revision's state, and
 * revisions agree with real time. Sound and complete for writes with unique values. Takes n log n.
 *
 * @param history - What really happened, for example from a member's change feed.
 * @param isInternal - Changes that no client asked for, such as the end of a lease.
 */
export function checkByRevision(
  operations: readonly RevisionedOperation[],
  history: KeyHistory,
  isInternal: (change: KeyChange) => boolean = () => false,
): readonly Violation[] {
  const violations: Violation[] = [];
  const report = (message: string): void => {
    violations.push({ checker: REVISION_CHECKER, message });
  };
  const claimed = claimWrites(operations, history, report);
  for (const { revision, changes } of history.revisions) {
    if (!claimed.has(revision) && !changes.every(isInternal)) {
      report(`revision ${revision} (${shownChanges(changes)}) was written by no client`);
    }
  }
  for (const operation of operations) checkObservations(operation, history, report);
  checkRealTime(operations, report);
  return violations;
}

type Report = (message: string) => void;

/** Finds each write's place in the history. Returns the revisions that have an owner. */
function claimWrites(
  operations: readonly RevisionedOperation[],
  history: KeyHistory,
  report: Report,
): Map<number, RevisionedOperation> {
  const claimed = new Map<number, RevisionedOperation>();
  const uncertain = new Map<string, UncertainWrite[]>();
  for (const operation of operations) {
    const { changes, revision } = operation;
    if (changes.length === 0) continue;
    if (revision === undefined) {
      const name = signature(changes);
      const same = uncertain.get(name);
      if (same === undefined) uncertain.set(name, [{ operation, revision }]);
      else same.push({ operation, revision });
      continue;
    }
    const real = history.changesAt(revision);
    if (real === undefined || signature(real) !== signature(changes)) {
      report(
        `${named(operation)} was acknowledged at revision ${revision}, which holds ${shownChanges(real ?? [])}`,
      );
    }
    const other = claimed.get(revision);
    if (other !== undefined) {
      report(`${named(operation)} and ${named(other)} both got revision ${revision}`);
    }
    claimed.set(revision, operation);
  }
  for (const { revision, changes } of history.revisions) {
    const candidates = claimed.has(revision) ? undefined : uncertain.get(signature(changes));
    if (candidates !== undefined) claimUncertain(candidates, revision, claimed, report);
  }
  return claimed;
}

/** A write whose caller does not know what became of it, and the revision that looks like it. */
interface UncertainWrite {
  readonly operation: RevisionedOperation;
  revision: number | undefined;
}

function claimUncertain(
  candidates: readonly UncertainWrite[],
  revision: number,
  claimed: Map<number, RevisionedOperation>,
  report: Report,
): void {
  // Deletions of one key look alike: any of them that has no revision yet may be this one.
  const found =
    candidates.find((write) => write.revision === undefined && !write.operation.refused) ??
    candidates.find((write) => write.revision === undefined) ??
    candidates[0];
  if (found === undefined) return;
  const { operation } = found;
  if (found.revision !== undefined) {
    report(
      `${named(operation)} took effect at revision ${found.revision} and again at ${revision}`,
    );
  } else if (operation.refused) {
    report(`${named(operation)} was refused as not applied and is revision ${revision}`);
  }
  found.revision = revision;
  claimed.set(revision, operation);
}

function checkObservations(
  operation: RevisionedOperation,
  history: KeyHistory,
  report: Report,
): void {
  const { revision, observed, changes } = operation;
  if (revision === undefined) return;
  const at = changes.length > 0 ? revision - 1 : revision;
  for (const { key, value, equal } of observed) {
    const real = history.valueAt(key, at);
    if ((real === value) !== equal) {
      const saw = equal ? `${value}` : `something other than ${value}`;
      report(`${named(operation)} saw ${key} = ${saw} at revision ${at}; it was ${real}`);
    }
  }
}

/** Nothing that was called after an answer may be placed before it. */
function checkRealTime(operations: readonly RevisionedOperation[], report: Report): void {
  const answered = operations.filter((operation) => operation.revision !== undefined);
  const byCall = answered.slice().sort((left, right) => left.calledAt - right.calledAt);
  const byReturn = answered.slice().sort((left, right) => left.returnedAt - right.returnedAt);
  let next = 0;
  let newest: RevisionedOperation | undefined;
  for (const operation of byCall) {
    for (let done = byReturn[next]; done !== undefined; done = byReturn[next]) {
      if (done.returnedAt >= operation.calledAt) break;
      if (newest === undefined || (done.revision ?? 0) > (newest.revision ?? 0)) newest = done;
      next += 1;
    }
    if (newest === undefined || operation.mayBeStale === true) continue;
    const floor = newest.revision ?? 0;
    const revision = operation.revision ?? 0;
    if (revision < floor || (revision === floor && operation.changes.length > 0)) {
      report(
        `${named(operation)} is at revision ${revision}, but ${named(newest)} had been answered at ${floor} before it was called`,
      );
    }
  }
}

function signature(changes: readonly KeyChange[]): string {
  return changes
    .map(({ key, value }) => JSON.stringify([key, value]))
    .sort()
    .join();
}

function shownChanges(changes: readonly KeyChange[]): string {
  if (changes.length === 0) return "nothing";
  return changes.map(({ key, value }) => `${key}=${value ?? "∅"}`).join(" ");
}

function named(operation: RevisionedOperation): string {
  return `operation ${operation.id} of client ${operation.client}`;
}
