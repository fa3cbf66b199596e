import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { CoreCluster } from "../../src/cluster/core-cluster.ts";
import { drawPlan, SHORT_PROFILE } from "../../src/plan/draw-plan.ts";
import { Performer } from "../../src/plan/perform.ts";
import { runTo } from "../../src/plan/run-plan.ts";
import { Random } from "../../src/random/random.ts";
import { SCENARIOS } from "../../src/scenarios/registry.ts";
import { ScenarioRun } from "../../src/scenarios/scenario-run.ts";
import { RaftModel } from "../../src/trace/raft-model.ts";
import { RULES, type Rule } from "../../src/trace/rules.ts";
import { TRACE_CHECKER } from "../../src/trace/trace-checker.ts";
import type { TraceEvent } from "../../src/trace/trace-event.ts";
import { NodeWorld } from "../../src/world/node-world.ts";

/** The trace of a run of cores under the faults that its seed draws. */
function traceOf(seed: number): TraceEvent[] {
  const trace: TraceEvent[] = [];
  const plan = drawPlan(seed, SHORT_PROFILE);
  const cluster = new CoreCluster(plan.seed, plan.settings, undefined, (event) => {
    trace.push(event);
  });
  const performer = new Performer(cluster);
  for (const { atMs, afterEvents, action } of plan.actions) {
    if (!runTo(cluster, atMs, afterEvents)) break;
    performer.perform(action);
  }
  cluster.ledger.trace?.finish((id) => cluster.members.get(id)?.core?.status());
  expect(cluster.violations, `seed ${seed}`).toEqual([]);
  return trace;
}

/** The first rule that a trace breaks, and where. */
function firstObjection(
  trace: readonly TraceEvent[],
): { rule: Rule; message: string; at: number } | undefined {
  const model = new RaftModel();
  for (const [at, event] of trace.entries()) {
    const objection = model.take(event);
    if (objection !== undefined) return { ...objection, at };
  }
  return undefined;
}

describe("clean runs are behaviours of the model", () => {
  test("cores under faults, forty seeds", () => {
    let steps = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      const trace = traceOf(seed);
      steps += trace.length;
      expect(firstObjection(trace), `seed ${seed}`).toBeUndefined();
    }
    expect(steps).toBeGreaterThan(20_000);
  }, 60_000);

  test("every story that breaks no rule", () => {
    let steps = 0;
    for (const scenario of SCENARIOS) {
      const run = new ScenarioRun(scenario);
      expect(run.play().type, scenario.id).toBe("goalReached");
      steps += run.cluster.ledger.trace?.steps ?? 0;
    }
    expect(steps).toBeGreaterThan(2_000);
  }, 60_000);

  test("whole nodes, with a restart", async () => {
    const world = new NodeWorld(3);
    const trace: TraceEvent[] = [];
    const checker = world.traceFromNowOn();
    checker.listener = (event) => trace.push(event);
    world.startAll();
    await world.simulation.runUntil(() => world.leader() !== undefined, 60_000);
    world.leader()?.crash(true);
    await world.simulation.runUntil(() => world.leader() !== undefined, 60_000);
    for (const node of world.nodes.values()) node.start();
    await world.simulation.run(3_000);
    checker.finish((id) => world.nodes.get(id)?.record.core?.status());
    expect(world.violations).toEqual([]);
    expect(firstObjection(trace)).toBeUndefined();
    expect(new Set(trace.map(({ type }) => type))).toContain("becameLeader");
    expect(trace.filter(({ type }) => type === "started").length).toBe(4);
  }, 60_000);
});

/** Decisions that leave something behind: a trace without one of them cannot be that of a run. */
const CONSEQUENTIAL: ReadonlySet<TraceEvent["type"]> = new Set([
  "becameCandidate",
  "becameLeader",
  "higherTermSeen",
  "entriesProposed",
  "commitAdvanced",
  "applyHandedOut",
  "snapshotRestored",
  "started",
]);

/** Steps of one call that cannot be told the other way round. */
const ORDERED: ReadonlySet<string> = new Set([
  "higherTermSeen, becameFollower",
  "electionDecided, becameLeader",
  "electionDecided, becameCandidate",
  "becameLeader, entriesProposed",
  "progressAdvanced, commitAdvanced",
]);

/** Numbers that a decision states and that must fit what is known. */
const STATED: Partial<Record<TraceEvent["type"], readonly string[]>> = {
  becameCandidate: ["term"],
  becameLeader: ["term", "noop"],
  becameFollower: ["term"],
  voteGranted: ["term", "vote", "candidate"],
  voteCounted: ["term", "grants"],
  entriesProposed: ["term", "first", "count"],
  appendAccepted: ["term", "from", "last", "count", "added"],
  progressAdvanced: ["term", "match", "from", "member"],
  commitAdvanced: ["term", "from", "to"],
  applyHandedOut: ["first", "last"],
  readStarted: ["index"],
  stood: ["term", "vote", "commit", "applied", "applying"],
};

describe("corrupted traces are rejected", () => {
  const SEEDS = 25;
  const PER_SEED = 40;

  function corrupt(
    name: string,
    change: (trace: TraceEvent[], random: Random) => string | undefined,
  ): void {
    test(`${name}: ${SEEDS * PER_SEED} of them`, () => {
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const trace = traceOf(seed);
        const random = Random.fromSeed(seed).split(name);
        for (let round = 0; round < PER_SEED; round += 1) {
          const copy = [...trace];
          const what = change(copy, random);
          if (what === undefined) continue;
          expect(firstObjection(copy), `seed ${seed}: ${what}`).toBeDefined();
        }
      }
    }, 120_000);
  }

  const drawFrom = (
    trace: readonly TraceEvent[],
    random: Random,
    fits: (event: TraceEvent, at: number) => boolean,
  ): number => {
    const places = [...trace.keys()].filter((at) => fits(trace[at] as TraceEvent, at));
    return random.pick(places);
  };

  corrupt("a step is missing", (trace, random) => {
    const at = drawFrom(trace, random, ({ type }) => CONSEQUENTIAL.has(type));
    const [event] = trace.splice(at, 1);
    return `without ${at} ${JSON.stringify(event)}`;
  });

  corrupt("a step comes twice", (trace, random) => {
    const at = drawFrom(trace, random, ({ type }) => CONSEQUENTIAL.has(type) && type !== "started");
    const event = trace[at] as TraceEvent;
    trace.splice(at, 0, event);
    return `twice ${at} ${JSON.stringify(event)}`;
  });

  corrupt("two steps of a member change places", (trace, random) => {
    const at = drawFrom(trace, random, ({ type, id }, here) => {
      const next = trace[here + 1];
      return next?.id === id && ORDERED.has(`${type}, ${next.type}`);
    });
    const [one, other] = [trace[at], trace[at + 1]] as [TraceEvent, TraceEvent];
    trace.splice(at, 2, other, one);
    return `${at} ${JSON.stringify(one)} after ${JSON.stringify(other)}`;
  });

  corrupt("a number is another one", (trace, random) => {
    const at = drawFrom(trace, random, (event) => {
      // What a leader knows of its own disk may be less than what is true.
      const isOwn = event.type === "progressAdvanced" && event.member === event.id;
      return STATED[event.type] !== undefined && !isOwn;
    });
    const original = trace[at] as TraceEvent;
    const event = original as unknown as Record<string, number>;
    const field = random.pick(STATED[original.type] ?? []);
    const value = (event[field] as number) + random.pick([-1, 1, 2]);
    trace[at] = { ...event, [field]: value } as unknown as TraceEvent;
    return `${at} ${JSON.stringify(event)} with ${field} ${value}`;
  });
});

test("a run whose trace the model does not allow fails, and says which rule", () => {
  const cluster = new CoreCluster(1);
  cluster.run(1_000);
  const leader = cluster.leader();
  const status = leader?.core?.status();
  if (status === undefined) throw new Error("nobody leads");
  const { trace } = cluster.ledger;
  trace?.decided({
    type: "commitAdvanced",
    id: status.id,
    term: status.term,
    from: status.commit,
    to: status.commit + 5,
    by: "quorum",
  });
  expect(cluster.violations.map(({ checker }) => checker)).toEqual([TRACE_CHECKER]);
  expect(cluster.violations[0]?.message).toContain(RULES.statesAgree);
});

const root = new URL("../../../../", import.meta.url);
const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, root)), "utf8");

test("the page of the model names every rule, in order", () => {
  const named = [...read("docs/spec/abstract-model.md").matchAll(/^\| ([a-z][^|]*?) \| /gm)];
  const rules = named.map(([, name]) => name).filter((name) => name !== "rule");
  expect(rules).toEqual(Object.values(RULES));
});

test("the model is independent: of the core it knows types only", () => {
  const folder = "packages/sim/src/trace/";
  for (const file of readdirSync(fileURLToPath(new URL(folder, root)))) {
    const imports = read(folder + file).match(/^import (?!type )[^;]*"@quorate\/[^"]*"/gm);
    expect(imports, file).toBeNull();
  }
});
