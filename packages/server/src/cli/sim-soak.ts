import { readFile } from "node:fs/promises";
import {
  decodeRun,
  drawPlan,
  encodeRun,
  findScenario,
  LONG_PROFILE,
  type Plan,
  replay,
  runFromFile,
  runPlan,
  ScenarioRun,
  SHORT_PROFILE,
  type SharedRun,
  ShareError,
  shrink,
  testFileFor,
} from "@quorate/sim";
import { ConfigError } from "../config/config-error.ts";
import { EXIT } from "./exit-code.ts";
import { untilInterrupted } from "./interrupt.ts";
import { seedOf, share } from "./sim-story.ts";
import type { Terminal } from "./terminal.ts";

/** Draws and plays runs until the time is over or something is violated. */
export async function soak(
  terminal: Terminal,
  flags: {
    readonly minutes: string;
    readonly from: string;
    readonly profile: "short" | "long";
    readonly export?: string;
  },
): Promise<number> {
  const endMs = performance.now() + positive("--minutes", flags.minutes) * 60_000;
  const profile = flags.profile === "long" ? LONG_PROFILE : SHORT_PROFILE;
  const progress = new ProgressLine(terminal);
  const interruption = untilInterrupted(terminal);
  let seed = seedOf(flags.from);
  let virtualMs = 0;
  let runs = 0;
  try {
    while (performance.now() < endMs && !interruption.isOver) {
      const plan = drawPlan(seed, profile);
      const result = runPlan(plan);
      runs += 1;
      virtualMs += result.virtualMs;
      progress.show(
        `seed ${seed}, ${runs} runs, ${(virtualMs / 3_600_000).toFixed(2)} virtual hours`,
      );
      const violation = result.violations[0];
      if (violation !== undefined) {
        progress.clear();
        terminal.out(`seed ${seed} violated: ${violation.checker}: ${violation.message}\n`);
        terminal.out(`Repeat it: quorate sim run --seed ${seed} --profile ${flags.profile}\n`);
        const run: SharedRun = {
          type: "plan",
          plan,
          title: `seed ${seed}`,
          violated: violation.checker,
        };
        await share(terminal, run, { export: flags.export });
        return EXIT.failed;
      }
      seed += 1;
      // Interrupts are heard between two runs.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    interruption.release();
    progress.clear();
  }
  terminal.out(
    `${runs} runs, ${(virtualMs / 3_600_000).toFixed(2)} virtual hours, nothing was violated\n`,
  );
  return EXIT.ok;
}

/** Plays a run again, or prints it as a test. */
export async function replayRun(
  terminal: Terminal,
  source: string,
  asTest: boolean,
): Promise<number> {
  const run = await open(source);
  if (asTest) {
    terminal.out(testFileFor(run));
    return EXIT.ok;
  }
  const { violations, digest, ended } = replay(run);
  const [violation] = violations;
  terminal.out(`digest ${digest}\n`);
  if (violation !== undefined) {
    terminal.out(`violated: ${violation.checker}: ${violation.message}\n`);
    return EXIT.failed;
  }
  const isMissed = ended !== undefined && ended.type !== "goalReached";
  terminal.out(isMissed ? "the goal was missed\n" : "nothing was violated\n");
  return isMissed ? EXIT.failed : EXIT.ok;
}

/** Makes a failing run short. */
export async function shrinkRun(
  terminal: Terminal,
  source: string,
  flags: { readonly seconds: string; readonly export?: string },
): Promise<number> {
  const plan = planOf(await open(source));
  const endMs = performance.now() + positive("--seconds", flags.seconds) * 1_000;
  const progress = new ProgressLine(terminal);
  const interruption = untilInterrupted(terminal);
  let best: Plan | undefined;
  try {
    for (const found of shrink(plan)) {
      best = found.best;
      progress.show(`${found.runs} runs, ${best.actions.length} of ${plan.actions.length} actions`);
      if (performance.now() >= endMs || interruption.isOver) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    interruption.release();
    progress.clear();
  }
  if (best === undefined) {
    terminal.error("The run violates nothing: there is nothing to make short.\n");
    return EXIT.usage;
  }
  const violated = runPlan(best).violations[0]?.checker;
  terminal.out(
    `${plan.actions.length} actions became ${best.actions.length}; violated: ${violated ?? "nothing"}\n`,
  );
  const run: SharedRun = { type: "plan", plan: best, violated };
  if (flags.export === undefined) {
    for (const { atMs, action } of best.actions) {
      terminal.out(`${atMs.toFixed(0).padStart(7)} ms  ${JSON.stringify(action)}\n`);
    }
    terminal.out(`#${encodeRun(run)}\n`);
  }
  await share(terminal, run, { export: flags.export });
  return EXIT.ok;
}

/** The text of a link, or the name of a file. */
async function open(source: string): Promise<SharedRun> {
  try {
    const fragment = source.includes("#") ? source.slice(source.indexOf("#")) : source;
    if (/^#?q[0-9]+\./.test(fragment)) return decodeRun(fragment);
    return runFromFile(await readFile(source, "utf8"));
  } catch (error) {
    if (error instanceof ShareError) throw new ConfigError(`${sentence(error.message)}`);
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") throw new ConfigError(`There is no file ${source}.`);
    throw error;
  }
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

function positive(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new ConfigError(`${name} must be a number above 0, not "${text}".`);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** One line that is written anew, for people only, some times a second at most. */
class ProgressLine {
  readonly #terminal: Terminal;
  #shownAtMs = 0;
  #length = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(text: string): void {
    const nowMs = performance.now();
    if (!this.#terminal.isInteractive || nowMs - this.#shownAtMs < 200) return;
    this.#shownAtMs = nowMs;
    this.#terminal.error(`\r${text.padEnd(this.#length)}`);
    this.#length = text.length;
  }

  clear(): void {
    if (this.#length > 0) this.#terminal.error(`\r${" ".repeat(this.#length)}\r`);
    this.#length = 0;
  }
}
