// Holds what clients were told against what happened, with the checkers of the simulator. Knows nothing of processes.
import { checkLinearizability, registerModel, renderSvg } from "@quorate/sim";
import { checkExactlyOnce } from "../../packages/sim/dist/checkers/exactly-once.js";
import { KeyHistory } from "../../packages/sim/dist/checkers/key-history.js";
import { validateLease } from "../../packages/sim/dist/checkers/lease-validator.js";
import { ReplicaStates } from "../../packages/sim/dist/checkers/replica-states.js";
import { checkByRevision } from "../../packages/sim/dist/checkers/revision-checker.js";
import { validateWatch } from "../../packages/sim/dist/checkers/watch-validator.js";

/** Steps of the search, about ten seconds; a history that needs more is "undecided", which is said and is no violation. */
const SEARCH_STEPS_MAX = 40_000_000;
/** How much faster than true time a member's monotonic clock may run here: all members share one machine. */
const CLOCK_RATE_MAX = 1.02;
/** The key that is written to find out whether the cluster serves; its values belong to no client's history. */
export const BARRIER_KEY = "z";

/** Leases end by themselves. */
const isInternal = ({ key, value }) =>
  key === BARRIER_KEY || (value === null && key.startsWith("k/"));

/** `{ checker, checked, unit, violations, note? }`: one line of the verdict. */
function verdict(checker, checked, unit, violations, note) {
  return { checker, checked, unit, violations: violations.map(messageOf), note };
}

const messageOf = (violation) => (typeof violation === "string" ? violation : violation.message);

function judgeHistory(run, history) {
  const { entries } = run;
  return verdict(
    "strict serializability by revision",
    entries.length,
    "operations",
    checkByRevision(entries, history, isInternal),
  );
}

function judgeRegisters(operations) {
  const checked = checkLinearizability(registerModel, operations, { stepsMax: SEARCH_STEPS_MAX });
  const result = verdict(
    "linearizability of registers by search",
    operations.length,
    "operations",
    [],
  );
  if (checked.verdict === "undecided") {
    result.note = `undecided for ${checked.undecidedKeys.length} keys within ${SEARCH_STEPS_MAX} steps`;
  }
  if (checked.verdict === "violated") {
    const { keys, deepest } = checked.counterexample;
    result.violations.push(
      `no order of the operations on ${keys.join(", ")} explains operation ${deepest.stuckAt}`,
    );
    result.picture = renderSvg(registerModel, checked.counterexample);
  }
  return result;
}

/** Values that a session's key went through are its writes in the order in which they took effect. */
function judgeSessions(sessions, history) {
  const violations = [];
  let checked = 0;
  for (const { key, outcomes } of sessions) {
    const known = new Set(outcomes.map(({ id }) => id));
    const effects = history.revisions
      .flatMap(({ changes }) => changes.filter((change) => change.key === key))
      .map(({ value }) => value)
      .filter((id) => known.has(id));
    violations.push(...checkExactlyOnce(outcomes, effects));
    checked += outcomes.length;
  }
  return verdict("exactly once, sessions", checked, "writes", violations);
}

function judgeLists(appends, history) {
  const byKey = new Map();
  for (const append of appends) {
    const known = byKey.get(append.key);
    if (known === undefined) byKey.set(append.key, [append]);
    else known.push(append);
  }
  const violations = [];
  for (const [key, commands] of byKey) {
    const list = history.valueAt(key, history.lastRevision);
    const effects = list === null ? [] : list.split(" ");
    violations.push(...checkExactlyOnce(commands, effects));
  }
  return verdict("exactly once, lists", appends.length, "appends", violations);
}

function judgeWatches(records, history) {
  const items = records.reduce((sum, record) => sum + record.items.length, 0);
  const violations = records.flatMap((record) => validateWatch(record, history));
  return verdict("watch guarantees", items, "deliveries", violations);
}

function judgeLeases(records) {
  const bounds = { clockRateMax: CLOCK_RATE_MAX, graceMs: Number.POSITIVE_INFINITY };
  const moments = records.reduce((sum, record) => sum + record.moments.length, 0);
  const violations = records.flatMap((record) => validateLease(record, bounds));
  return verdict("lease guarantees", moments, "moments", violations);
}

function judgeStates(states) {
  const replicas = new ReplicaStates();
  for (const { where, revision, hash } of states) replicas.see(where, revision, hash);
  return verdict("equal states", states.length, "hashes", replicas.violations);
}

function judgeSizes(sizes, { memoryBytesMax, diskBytesMax }) {
  const violations = [];
  const most = new Map();
  for (const { member, memoryBytes, diskBytes = 0 } of sizes) {
    const known = most.get(member) ?? { memoryBytes: 0, diskBytes: 0 };
    known.memoryBytes = Math.max(known.memoryBytes, memoryBytes);
    known.diskBytes = Math.max(known.diskBytes, diskBytes);
    most.set(member, known);
  }
  for (const [member, { memoryBytes, diskBytes }] of most) {
    if (memoryBytes > memoryBytesMax)
      violations.push(`${member} took ${memoryBytes} bytes of memory`);
    if (diskBytes > diskBytesMax) violations.push(`${member} took ${diskBytes} bytes of disk`);
  }
  return verdict("memory and disk within limits", sizes.length, "looks", violations);
}

/** The verdicts over all that a run remembers. */
export function judge(run) {
  // A feed that puts revisions in disorder is a finding, not a reason to stop.
  const disorder = disorderIn(run.revisions);
  if (disorder !== undefined)
    return [verdict("order of the change feed", run.revisions.length, "revisions", [disorder])];
  const history = new KeyHistory(run.revisions);
  return [
    judgeHistory(run, history),
    judgeRegisters(run.registers),
    judgeSessions(run.sessions, history),
    judgeLists(run.appends, history),
    judgeWatches(run.watches, history),
    judgeLeases(run.leases),
    judgeStates(run.states),
    judgeSizes(run.sizes, run.ceilings),
    verdict("progress after healing", run.healings, "healings", run.stalls),
    verdict("nothing unexpected", run.faults, "faults", run.surprises),
  ];
}

/**
 * Whether what is known so far, while clients go on, already speaks of a violation. `tip` is how far the feed has come: answers
 * beyond it count as unknown.
 */
export function isSuspicious({ entries, revisions }, tip) {
  if (disorderIn(revisions) !== undefined) return true;
  const known = entries.map((entry) =>
    entry.revision === undefined || entry.revision <= tip
      ? entry
      : { ...entry, revision: undefined, returnedAt: Number.POSITIVE_INFINITY },
  );
  return checkByRevision(known, new KeyHistory(revisions), isInternal).length > 0;
}

function disorderIn(revisions) {
  for (let at = 1; at < revisions.length; at += 1) {
    const [before, after] = [revisions[at - 1].revision, revisions[at].revision];
    if (after <= before) return `the feed told revision ${after} after ${before}`;
  }
  return undefined;
}
