import {
  findScenario,
  type Plan,
  planOfDrawn,
  playNodes,
  runPlan,
  ScenarioRun,
  type SharedRun,
  type StagePlan,
  shrink,
} from "@quorate/sim";
import { ConfigError } from "../config/config-error.ts";
import { EXIT } from "./exit-code.ts";
import { untilInterrupted } from "./interrupt.ts";
import { ProgressLine } from "./progress-line.ts";
import { type NodeShrinking, shrinkAnyNodes } from "./sim-nodes.ts";
import { type AnyRun, fragmentOf, openRun, positive, type ShareFlags, share } from "./sim-run.ts";
import type { Terminal } from "./terminal.ts";

export interface ShrinkFlags extends ShareFlags {
  readonly seconds: string;
}

/** Makes a failing run short. */
export async function shrinkRun(
  terminal: Terminal,
  source: string,
  flags: ShrinkFlags,
): Promise<number> {
  const endMs = performance.now() + positive("--seconds", flags.seconds) * 1_000;
  const any = await openRun(source);
  const search = any.world === "nodes" ? nodes(any.plan) : cores(planOf(any.run));
  const progress = new ProgressLine(terminal);
  const interruption = untilInterrupted(terminal);
  let last: Shrinking | undefined;
  try {
    for await (const found of search) {
      last = found;
      progress.show(`${found.runs} runs, ${found.left}`);
      if (performance.now() >= endMs || interruption.isOver) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    interruption.release();
    progress.clear();
  }
  if (last === undefined) {
    terminal.error("The run violates nothing: there is nothing to make short.\n");
    return EXIT.usage;
  }
  const { run, told, lines } = await last.short();
  terminal.out(`${told}\n`);
  const isPrinted = flags.export === undefined;
  if (isPrinted) for (const line of lines) terminal.out(`${line}\n`);
  if (isPrinted && flags.link !== true) terminal.out(`${fragmentOf(run)}\n`);
  await share(terminal, run, flags);
  return EXIT.ok;
}

/** How far the search is, in either world. */
interface Shrinking {
  readonly runs: number;
  readonly left: string;
  short(): Promise<{
    readonly run: AnyRun;
    readonly told: string;
    readonly lines: readonly string[];
  }>;
}

async function* cores(plan: Plan): AsyncGenerator<Shrinking> {
  const all = plan.actions.length;
  for (const { best, runs } of shrink(plan)) {
    const left = best.actions.length;
    yield {
      runs,
      left: `${left} of ${all} actions`,
      short: async () => {
        const violated = runPlan(best).violations[0]?.checker;
        return {
          run: { world: "cores", run: { type: "plan", plan: best, violated } },
          told: `${all} actions became ${left}; violated: ${violated ?? "nothing"}`,
          lines: best.actions.map(
            ({ atMs, action }) => `${atMs.toFixed(0).padStart(7)} ms  ${JSON.stringify(action)}`,
          ),
        };
      },
    };
  }
}

async function* nodes(plan: StagePlan): AsyncGenerator<Shrinking> {
  for await (const found of shrinkAnyNodes(plan)) {
    yield { runs: found.runs, left: found.left, short: () => shortNodes(found) };
  }
}

async function shortNodes({ left, best }: NodeShrinking): ReturnType<Shrinking["short"]> {
  const plan = await best();
  const lines: string[] = plan.actions.map(
    ({ afterEvents, action }) => `${String(afterEvents).padStart(9)} ${JSON.stringify(action)}`,
  );
  if (plan.drawn !== undefined) {
    // What faults and processes do is told in words, the rest as data that fills pages.
    const listener = (line: string): void => {
      if (!line.includes("{")) lines.push(line);
    };
    await playNodes(planOfDrawn(plan.seed, plan.drawn), listener);
  }
  return { run: { world: "nodes", plan }, told: `${left} are left`, lines };
}

function planOf(run: SharedRun): Plan {
  if (run.type === "plan") return run.plan;
  const scenario = findScenario(run.id);
  if (scenario === undefined) throw new ConfigError(`There is no story "${run.id}".`);
  const sabotage = run.sabotage === undefined ? undefined : scenario.sabotage?.[run.sabotage];
  const played = new ScenarioRun(scenario, { seed: run.seed, sabotage });
  played.play();
  return played.plan();
}
