// How many operations per second threads can do that must share so many cores: the laws of utilization, no simulation.

/**
 * `threads`: [name, CPU seconds of one operation]; a thread works on one core at a time, so none can do more than its
 * own time allows, and all together no more than the cores allow. Answers the rate and what bounds it.
 */
export function boundOf(threads, cores) {
  const all = threads.reduce((sum, [, seconds]) => sum + seconds, 0);
  const bounds = [["all cores", cores / all], ...threads.map(([name, s]) => [name, 1 / s])];
  return bounds.reduce(
    (least, [boundBy, perSecond]) => (perSecond < least.perSecond ? { boundBy, perSecond } : least),
    { boundBy: "nothing", perSecond: Number.POSITIVE_INFINITY },
  );
}

/** The same on machines of their own: each group of threads has `cores` for itself. */
export function boundApart(groups, cores) {
  return groups
    .map((threads) => boundOf(threads, cores))
    .reduce((least, each) => (each.perSecond < least.perSecond ? each : least));
}

/** The threads with a part of one taken over by `workers` others, each hand-over costing `hopSeconds` on both sides. */
export function handOver(threads, name, { seconds, hopSeconds, workers }) {
  return threads.flatMap(([each, own]) => {
    if (each !== name) return [[each, own]];
    const part = (seconds + hopSeconds) / workers;
    const others = Array.from({ length: workers }, (_, at) => [`${name}, front ${at + 1}`, part]);
    return [[each, own - seconds + hopSeconds], ...others];
  });
}
