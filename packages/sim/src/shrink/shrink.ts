import { CLUSTER_DEFAULTS, type ClusterSettings } from "../cluster/settings.ts";
import type { PlannedAction } from "../plan/action.ts";
import type { Plan } from "../plan/plan.ts";
import { runPlan } from "../plan/run-plan.ts";

/** How far the search is. */
export interface ShrinkProgress {
  /** The smallest plan so far that violates the same checker. */
  readonly best: Plan;
  readonly runs: number;
}

/** Times the whole search is repeated: each finds less, and few find anything after the third. */
const ROUNDS_MAX = 6;

/**
 * Makes a plan smaller that violates something, as long as it still violates the same checker: actions are left out,
 * settings become the usual ones, time gets shorter. A generator that yields after every run: whoever has a clock
 * decides how long to go on, and `best` is good at any moment. Returns undefined when the plan violates nothing.
 */
export function* shrink(plan: Plan): Generator<ShrinkProgress, Plan | undefined> {
  const first = runPlan(plan);
  const checker = first.violations[0]?.checker;
  if (checker === undefined) return undefined;
  const search = new Search(plan, checker);
  yield search.progress;
  yield* search.tryAll(endings(plan, first.virtualMs));
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const before = JSON.stringify(search.best);
    yield* search.leaveOutActions();
    yield* search.tryEach(simplerSettings);
    yield* search.tryEach(simplerActions);
    yield* search.tryAll(sooner(search.best));
    if (JSON.stringify(search.best) === before) break;
  }
  return search.best;
}

type Variation = (plan: Plan) => Plan;

class Search {
  best: Plan;
  #runs = 1;
  readonly #checker: string;

  constructor(plan: Plan, checker: string) {
    this.best = plan;
    this.#checker = checker;
  }

  get progress(): ShrinkProgress {
    return { best: this.best, runs: this.#runs };
  }

  /** True when the candidate violates the same checker: it is the best from then on. */
  *try(candidate: Plan): Generator<ShrinkProgress, boolean> {
    this.#runs += 1;
    const isSame = runPlan(candidate).violations[0]?.checker === this.#checker;
    if (isSame) this.best = candidate;
    yield this.progress;
    return isSame;
  }

  *tryAll(variations: readonly Variation[]): Generator<ShrinkProgress> {
    for (const vary of variations) {
      const candidate = vary(this.best);
      if (JSON.stringify(candidate) !== JSON.stringify(this.best)) yield* this.try(candidate);
    }
  }

  /** The variations of the best plan at the time, one after the other. */
  *tryEach(variationsOf: (plan: Plan) => readonly Variation[]): Generator<ShrinkProgress> {
    yield* this.tryAll(variationsOf(this.best));
  }

  /** Leaves out half of the actions, then quarters, and so on down to single ones. */
  *leaveOutActions(): Generator<ShrinkProgress> {
    let size = Math.ceil(this.best.actions.length / 2);
    while (size >= 1) {
      for (let at = 0; at < this.best.actions.length; ) {
        const { actions } = this.best;
        const rest = [...actions.slice(0, at), ...actions.slice(at + size)];
        const isLeftOut = yield* this.try({ ...this.best, actions: rest });
        if (!isLeftOut) at += size;
      }
      if (size === 1) break;
      size = Math.ceil(size / 2);
    }
  }
}

/** Nothing after the violation matters, and exact places in the order of events only bind the search. */
function endings(plan: Plan, violatedAtMs: number): readonly Variation[] {
  const until = Math.ceil(violatedAtMs);
  const isDuringFaults = violatedAtMs < plan.faultsMs;
  const free: Variation = (best) => ({
    ...best,
    actions: best.actions.map(({ atMs, action }) => ({ atMs, action })),
    faultEvents: undefined,
  });
  const cut: Variation = (best) => ({
    ...best,
    actions: best.actions.filter(({ atMs }) => atMs <= until),
    faultsMs: until,
    ending: { ...best.ending, heals: "nothing" },
  });
  const calm: Variation = (best) => ({
    ...best,
    ending: { ...best.ending, heals: "everyone", rest: "cut", traffic: false },
  });
  return isDuringFaults ? [free, cut] : [free, calm];
}

/** Each setting alone as it usually is, and smaller clusters. */
function simplerSettings({ settings }: Plan): readonly Variation[] {
  const variations: Variation[] = [];
  const change = (changed: (now: ClusterSettings) => Partial<ClusterSettings>): void => {
    variations.push((best) => ({
      ...best,
      settings: { ...best.settings, ...changed(best.settings) },
    }));
  };
  for (const name of USUAL) {
    if (settings[name] !== CLUSTER_DEFAULTS[name]) {
      change(() => ({ [name]: CLUSTER_DEFAULTS[name] }));
    }
  }
  change(() => ({ weather: CLUSTER_DEFAULTS.weather }));
  for (const name of Object.keys(settings.weather) as (keyof typeof settings.weather)[]) {
    change((now) => ({
      weather: { ...now.weather, [name]: CLUSTER_DEFAULTS.weather[name] },
    }));
  }
  for (const name of Object.keys(settings.core)) {
    change((now) => ({
      core: Object.fromEntries(Object.entries(now.core).filter(([other]) => other !== name)),
    }));
  }
  for (let members = 1; members < settings.members; members += 1) {
    if (members > settings.learners) change(() => ({ members }));
  }
  return variations.filter(isPossible(settings));
}

const USUAL = [
  "learners",
  "tickMs",
  "diskMinMs",
  "diskMaxMs",
  "applyMaxMs",
  "snapshotEvery",
  "keepEntries",
  "checkpointEvery",
  "coldReadRate",
  "clientRetryMs",
  "clientGivesUpMs",
] as const;

/** Settings that contradict each other are no simpler ones. */
function isPossible(settings: ClusterSettings): (variation: Variation) => boolean {
  const plan: Plan = {
    version: 1,
    seed: 0,
    settings,
    actions: [],
    faultsMs: 0,
    ending: { heals: "nothing", rest: "cut", traffic: false, patience: 0 },
  };
  return (variation) => {
    const { core, weather, diskMinMs, diskMaxMs } = variation(plan).settings;
    const { electionTicks = 10, heartbeatTicks = 1, readMode, checkQuorum = true } = core;
    return (
      diskMinMs <= diskMaxMs &&
      weather.delayMinMs <= weather.delayMaxMs &&
      electionTicks > heartbeatTicks &&
      (readMode !== "lease" || checkQuorum)
    );
  };
}

/** Operations that only read become none; times lose their fractions. */
function simplerActions({ actions }: Plan): readonly Variation[] {
  const variations: Variation[] = [
    (best) => ({ ...best, actions: best.actions.map(rounded(10)) }),
    (best) => ({ ...best, actions: best.actions.map(rounded(1)) }),
  ];
  actions.forEach(({ action }, at) => {
    if (action.type !== "ask" || action.operation.type !== "compareAndSet") return;
    const { key, value } = action.operation;
    const operation = { type: "write" as const, key, value };
    variations.push((best) => ({
      ...best,
      actions: best.actions.map((planned, place) =>
        place === at ? { ...planned, action: { ...action, operation } } : planned,
      ),
    }));
  });
  return variations;
}

function rounded(stepMs: number): (planned: PlannedAction) => PlannedAction {
  return (planned) => ({ ...planned, atMs: Math.round(planned.atMs / stepMs) * stepMs });
}

/** Everything from one action on happens earlier: the quiet time before it is halved, or taken out. */
function sooner({ actions }: Plan): readonly Variation[] {
  return actions.flatMap((_, at) => [0, 0.5].map((part) => pullForward(at, part)));
}

function pullForward(at: number, part: number): Variation {
  return (best) => {
    const here = best.actions[at];
    if (here === undefined) return best;
    const beforeMs = best.actions[at - 1]?.atMs ?? 0;
    const savedMs = Math.floor((here.atMs - beforeMs) * (1 - part));
    if (savedMs < 1) return best;
    return {
      ...best,
      actions: best.actions.map((planned, place) =>
        place < at ? planned : { ...planned, atMs: planned.atMs - savedMs },
      ),
      faultsMs: Math.max(0, best.faultsMs - savedMs),
    };
  };
}
