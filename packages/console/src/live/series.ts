import type { LiveCluster, LiveView } from "./member-view.ts";

/** Ten minutes of two samples a second. */
const SAMPLES_MAX = 1_200;
/** The stream also tells what just happened; samples keep their distance. */
const DISTANCE_MS = 400;

/** What is drawn over time. */
export type SeriesName = "writes" | "reads" | "p50" | "p99" | "disk" | "trip" | "lag";

/** Numbers over time, for the charts. */
export class Series {
  readonly seconds: number[] = [];
  readonly values: Readonly<Record<SeriesName, (number | null)[]>> = {
    writes: [],
    reads: [],
    p50: [],
    p99: [],
    disk: [],
    trip: [],
    lag: [],
  };
  readonly #before: Map<number, LiveView> = new Map();
  #beforeMs = Number.NEGATIVE_INFINITY;

  /** True when a sample was taken. */
  add({ members }: LiveCluster, nowMs: number): boolean {
    const passedMs = nowMs - this.#beforeMs;
    if (passedMs < DISTANCE_MS) return false;
    const views = members.flatMap(({ view }) => (view === null ? [] : [view]));
    const isFirst = this.#before.size === 0;
    const seconds = passedMs / 1000;
    const grown = (read: (view: LiveView) => number): number =>
      views.reduce((sum, view) => sum + this.#growth(view, read), 0);
    const most = (read: (view: LiveView) => number): number =>
      views.reduce((found, view) => Math.max(found, read(view)), 0);
    const appends = grown(({ metrics }) => metrics.logAppends);
    const sample: Record<SeriesName, number | null> = {
      // Every member applies every write: the one that is furthest tells how many there were.
      writes: isFirst
        ? null
        : most((view) => this.#growth(view, ({ metrics }) => metrics.commandsApplied)) / seconds,
      reads: isFirst ? null : grown(({ metrics }) => metrics.reads) / seconds,
      p50: most(({ times }) => times.p50Ms) || null,
      p99: most(({ times }) => times.p99Ms) || null,
      disk: appends === 0 ? null : grown(({ metrics }) => metrics.logAppendMs) / appends,
      trip:
        most(({ peers }) =>
          peers.reduce((slowest, { roundTripMs }) => Math.max(slowest, roundTripMs ?? 0), 0),
        ) || null,
      lag: most(({ commit, applied }) => commit - applied),
    };
    this.seconds.push(Date.now() / 1000);
    for (const name of Object.keys(this.values) as SeriesName[]) {
      this.values[name].push(sample[name]);
    }
    if (this.seconds.length > SAMPLES_MAX) {
      this.seconds.shift();
      for (const values of Object.values(this.values)) values.shift();
    }
    this.#before.clear();
    for (const view of views) this.#before.set(view.id, view);
    this.#beforeMs = nowMs;
    return true;
  }

  /** What came to a counter since the sample before; nothing for a process that has just started. */
  #growth(view: LiveView, read: (view: LiveView) => number): number {
    const before = this.#before.get(view.id);
    if (before === undefined || before.upMs > view.upMs) return 0;
    return Math.max(0, read(view) - read(before));
  }
}
