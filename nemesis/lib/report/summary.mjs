// The figures of a run, as they stand in the report and in its JSON.

const PERCENTILES = [0.5, 0.99];

/** The value below which a share of the sorted numbers lies. */
export function percentile(sorted, share) {
  if (sorted.length === 0) return undefined;
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Per second: what became of operations, and the latency of the answered ones. */
export function perSecond(seconds) {
  return seconds.map(({ ok, refused, unknown, latenciesMs }, second) => {
    const sorted = [...latenciesMs].sort((left, right) => left - right);
    const [p50Ms, p99Ms] = PERCENTILES.map((share) => percentile(sorted, share));
    return { second, ok, refused, unknown, p50Ms, p99Ms, maxMs: sorted.at(-1) };
  });
}

/** How often each kind was injected, and for how long altogether. Kinds that never came are there with 0. */
export function perKind(faults, kinds) {
  return kinds.map(({ id, lane, says }) => {
    const own = faults.filter(({ kind }) => kind === id);
    const totalMs = own.reduce(
      (sum, { fromMs, untilMs }) => sum + ((untilMs ?? fromMs) - fromMs),
      0,
    );
    return { kind: id, lane, says, injected: own.length, totalMs: Math.round(totalMs) };
  });
}

/** Longest time between two answers of anybody. */
function longestSilenceMs(entries) {
  const returns = entries
    .map(({ returnedAt }) => returnedAt)
    .filter((at) => Number.isFinite(at))
    .sort((left, right) => left - right);
  let longest = 0;
  for (let at = 1; at < returns.length; at += 1) {
    longest = Math.max(longest, returns[at] - returns[at - 1]);
  }
  return Math.round(longest);
}

function perMember(sizes) {
  const members = new Map();
  for (const { member, memoryBytes, diskBytes = 0 } of sizes) {
    const known = members.get(member) ?? { member, memoryBytesMost: 0, diskBytesMost: 0 };
    known.memoryBytesMost = Math.max(known.memoryBytesMost, memoryBytes);
    known.diskBytesMost = Math.max(known.diskBytesMost, diskBytes);
    members.set(member, known);
  }
  return [...members.values()];
}

function perOperation(entries) {
  const kinds = new Map();
  for (const { kind, refused, revision } of entries) {
    const known = kinds.get(kind) ?? { kind, answered: 0, refused: 0, unknown: 0 };
    known[refused ? "refused" : revision === undefined ? "unknown" : "answered"] += 1;
    kinds.set(kind, known);
  }
  return [...kinds.values()].sort((left, right) => right.answered - left.answered);
}

/** Everything that a run says of itself, as plain data. */
export function summarize(run) {
  const { options, kinds, skipped, verdicts, network, faults, counts, seconds } = run;
  const injected = perKind(faults, kinds);
  return {
    seed: options.seed,
    members: options.members,
    patch: options.patch,
    network: network.kind,
    lengthMs: Math.round(run.elapsedMs),
    operations: run.entries.length,
    outcomes: run.outcomes,
    perOperation: perOperation(run.entries),
    faults: faults.length,
    kindsSeen: injected.filter((kind) => kind.injected > 0).length,
    perKind: injected,
    skipped,
    counts: Object.fromEntries(counts),
    leaders: run.reigns.filter(({ leader }) => leader !== undefined).length,
    longestSilenceMs: longestSilenceMs(run.entries),
    perMember: perMember(run.sizes),
    ceilings: run.ceilings,
    verdicts: verdicts.map(({ picture, ...rest }) => ({
      ...rest,
      hasPicture: picture !== undefined,
    })),
    perSecond: perSecond(seconds),
    timeline: faults,
    reigns: run.reigns,
  };
}
