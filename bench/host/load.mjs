// The load of the benchmarks: so many callers, each of which proposes again as soon as it has its answer.

/** Latencies beyond this many are not kept; a run of a few seconds stays below. */
const SAMPLES_MAX = 2_000_000;
/** Made once: a large array per run would have the collector work while it is measured. */
const latenciesMs = new Float64Array(SAMPLES_MAX);

/** Proposes for `seconds` and resolves with the rate, the latencies, and the CPU that this process used for it. */
export async function proposeLoad(replica, { inFlight, bytes, seconds }) {
  const payload = new Uint8Array(bytes).fill(0x71);
  const before = { ...replica.metrics() };
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  const endMs = startMs + seconds * 1000;
  let done = 0;
  let errors = 0;
  const caller = async () => {
    for (let now = performance.now(); now < endMs; ) {
      const from = now;
      try {
        await replica.propose(payload);
      } catch {
        errors += 1;
      }
      now = performance.now();
      if (done < SAMPLES_MAX) latenciesMs[done] = now - from;
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  const tookMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  const after = replica.metrics();
  const sorted = latenciesMs.slice(0, Math.min(done, SAMPLES_MAX)).sort();
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return {
    operations: done,
    errors,
    perSecond: (1000 * done) / tookMs,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    cpuMicroseconds: user + system,
    perAppend: done / Math.max(1, after.logAppends - before.logAppends),
    appendMs:
      (after.logAppendMs - before.logAppendMs) / Math.max(1, after.logAppends - before.logAppends),
  };
}

/**
 * Proposes `total` commands, `perTurn` in each turn of the event loop: one entry of the log per turn. Waits while
 * `inFlight` are under way.
 */
export async function fillLog(replica, { total, bytes, perTurn, inFlight }) {
  const payload = new Uint8Array(bytes).fill(0x71);
  let underWay = 0;
  let failed;
  const settled = () => {
    underWay -= 1;
  };
  const startMs = performance.now();
  for (let proposed = 0; proposed < total; ) {
    for (let place = 0; place < perTurn && proposed < total; place += 1) {
      underWay += 1;
      proposed += 1;
      replica.propose(payload, { timeoutMs: 120_000 }).then(settled, (error) => {
        failed ??= error;
        settled();
      });
    }
    do await new Promise(setImmediate);
    while (underWay >= inFlight);
    if (failed !== undefined) throw failed;
  }
  while (underWay > 0) await new Promise(setImmediate);
  if (failed !== undefined) throw failed;
  return { tookMs: performance.now() - startMs };
}
