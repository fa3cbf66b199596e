import {
  drawPlan,
  fillIn,
  findScenario,
  GROUP_TITLES,
  LONG_PROFILE,
  runPlan,
  type Sabotage,
  SCENARIO_GROUPS,
  SCENARIOS,
  type Scenario,
  ScenarioRun,
  type ScenarioState,
  SHORT_PROFILE,
  type SharedRun,
  SWITCHES,
} from "@quorate/sim";
import { ConfigError } from "../config/config-error.ts";
import { EXIT } from "./exit-code.ts";
import { Narrator, type SimLanguage } from "./sim-narration.ts";
import { nodeProfile, runNodesSeed } from "./sim-nodes.ts";
import { type ShareFlags, share } from "./sim-run.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

export interface StoryOptions extends ShareFlags {
  readonly seed?: number | undefined;
  readonly lang: SimLanguage;
  readonly profile: "short" | "long";
  readonly world: "cores" | "nodes";
  readonly without?: string | undefined;
}

export function listStories(language: SimLanguage): string {
  const sections = SCENARIO_GROUPS.map((group) => {
    const stories = SCENARIOS.filter((scenario) => scenario.group === group);
    if (stories.length === 0) return "";
    const rows = stories.map(({ id, title, sabotage = [] }) => [
      id,
      title[language],
      [...new Set(sabotage.map(({ broken }) => broken))].join(", "),
    ]);
    return `${GROUP_TITLES[group][language]}\n${table(["ID", "STORY", "WITHOUT"], rows)}`;
  });
  return sections.filter((section) => section !== "").join("\n");
}

/** Whole numbers from 0 on. */
export function seedOf(text: string): number {
  const seed = Number(text);
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new ConfigError(`--seed must be a whole number, not "${text}".`);
}

export async function runStory(
  terminal: Terminal,
  id: string,
  options: StoryOptions,
): Promise<number> {
  const scenario = findScenario(id);
  if (scenario === undefined) {
    throw new ConfigError(`There is no story "${id}". quorate sim list shows them.`);
  }
  const { lang, seed } = options;
  const sabotage = sabotageOf(scenario, options.without);
  const say = (atMs: number, text: string): void => {
    terminal.out(`${atMs.toFixed(0).padStart(7)} ms  ${text}\n`);
  };
  terminal.out(`${scenario.title[lang]}\n${scenario.story[lang]}\n`);
  if (sabotage !== undefined) terminal.out(`${SWITCHES[sabotage.broken].text[lang]}\n`);
  terminal.out("\n");
  const narrator = new Narrator(lang);
  // A step's caption may use names that the step itself gives: it is told once its actions are done, and before them.
  let begun: { readonly atMs: number; readonly step: number } | undefined;
  let lines: { readonly atMs: number; readonly text: string }[] = [];
  const run: ScenarioRun = new ScenarioRun(scenario, {
    seed,
    sabotage,
    listener: (event) => {
      const text = narrator.tell(event);
      if (text !== undefined) lines.push({ atMs: event.atMs, text });
    },
    onStep: (step) => {
      narrator.begin();
      begun = { atMs: run.cluster.nowMs, step };
    },
  });
  while (!run.isOver) {
    run.advance();
    const caption = begun === undefined ? undefined : run.steps[begun.step]?.caption;
    if (begun !== undefined && caption !== undefined) {
      say(begun.atMs, `● ${fillIn(caption, lang, run.names)}`);
    }
    for (const { atMs, text } of lines) say(atMs, `  ${text}`);
    begun = undefined;
    lines = [];
  }
  terminal.out(`\n${verdict(run.state, scenario, lang)}\n`);
  const given = shared(scenario, run, options, sabotage);
  await share(terminal, { world: "cores", run: given }, options);
  return run.state.type === "goalReached" ? EXIT.ok : EXIT.failed;
}

/** A whole run drawn from a seed. */
export async function runSeed(terminal: Terminal, options: StoryOptions): Promise<number> {
  const { seed, profile } = options;
  if (seed === undefined) throw new ConfigError("Say which story to play, or give a --seed.");
  if (options.world === "nodes") return runNodesSeed(terminal, seed, nodeProfile(profile), options);
  const plan = drawPlan(seed, profile === "long" ? LONG_PROFILE : SHORT_PROFILE);
  const { violations, events, virtualMs, operations, counters, digest } = runPlan(plan);
  const faults = counters.entries().filter(([, count]) => count > 0);
  terminal.out(
    [
      `seed ${seed}: ${plan.settings.members} members, ${plan.actions.length} actions`,
      `${events} events in ${(virtualMs / 1_000).toFixed(1)} virtual seconds, ${operations} operations of clients`,
      `faults: ${faults.map(([kind, count]) => `${kind} ${count}`).join(", ") || "none"}`,
      `digest ${digest}`,
      violations[0] === undefined
        ? "nothing was violated"
        : `violated: ${violations[0].checker}: ${violations[0].message}`,
      "",
    ].join("\n"),
  );
  const violated = violations[0]?.checker;
  const given: SharedRun = { type: "plan", plan, title: `seed ${seed}`, violated };
  await share(terminal, { world: "cores", run: given }, options);
  return violated === undefined ? EXIT.ok : EXIT.failed;
}

function sabotageOf(scenario: Scenario, rule: string | undefined): Sabotage | undefined {
  if (rule === undefined) return undefined;
  const possible = scenario.sabotage ?? [];
  const harmful = possible.findLast(({ broken }) => broken === rule);
  if (harmful !== undefined) return harmful;
  const rules = [...new Set(possible.map(({ broken }) => broken))].join(", ");
  throw new ConfigError(
    rules === ""
      ? `The story ${scenario.id} is not about a rule that can be switched off.`
      : `In the story ${scenario.id}, --without must be ${rules}, not "${rule}".`,
  );
}

function shared(
  scenario: Scenario,
  run: ScenarioRun,
  { seed }: StoryOptions,
  sabotage: Sabotage | undefined,
): SharedRun {
  const at = sabotage === undefined ? undefined : scenario.sabotage?.indexOf(sabotage);
  const { state } = run;
  if (state.type === "goalReached" || state.type === "goalMissed") {
    return { type: "scenario", id: scenario.id, seed, sabotage: at };
  }
  const violated = state.type === "violated" ? state.violation.checker : undefined;
  return { type: "plan", plan: run.plan(), title: scenario.title.en, violated };
}

function verdict(state: ScenarioState, scenario: Scenario, language: SimLanguage): string {
  const goal = scenario.goal.text[language];
  const english = language === "en";
  switch (state.type) {
    case "goalReached":
      return english ? `Goal reached: ${goal}` : `目标达成：${goal}`;
    case "goalMissed":
      return english ? `Goal missed: ${goal}` : `目标未达成：${goal}`;
    case "stuck":
      return english
        ? `Stuck in step ${state.step + 1}: what it waits for did not come about.`
        : `卡在第 ${state.step + 1} 步：所等待的情况没有出现。`;
    case "violated":
      return `${english ? "Violated" : "违反"}: ${state.violation.checker}\n${state.violation.message}`;
    case "playing":
      return "";
  }
}
