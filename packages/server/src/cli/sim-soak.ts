import {
  drawPlan,
  LONG_PROFILE,
  planNodes,
  playNodes,
  runPlan,
  SHORT_PROFILE,
  type Violation,
} from "@quorate/sim";
import { EXIT } from "./exit-code.ts";
import { untilInterrupted } from "./interrupt.ts";
import { ProgressLine } from "./progress-line.ts";
import { nodeProfile, stageOf } from "./sim-nodes.ts";
import { type AnyRun, positive, type ShareFlags, share } from "./sim-run.ts";
import { seedOf } from "./sim-story.ts";
import type { Terminal } from "./terminal.ts";

export interface SoakFlags extends ShareFlags {
  readonly minutes: string;
  readonly from: string;
  readonly profile: "short" | "long";
  readonly world: "cores" | "nodes";
}

/** What one seed came to. */
interface Soaked {
  readonly virtualMs: number;
  readonly violation: Violation | undefined;
  /** The run as it can be given away. */
  run(): AnyRun;
}

/** Draws and plays runs until the time is over or something is violated. */
export async function soak(terminal: Terminal, flags: SoakFlags): Promise<number> {
  const endMs = performance.now() + positive("--minutes", flags.minutes) * 60_000;
  const play = flags.world === "nodes" ? soakNodes : soakCores;
  const progress = new ProgressLine(terminal);
  const interruption = untilInterrupted(terminal);
  let seed = seedOf(flags.from);
  let virtualMs = 0;
  let runs = 0;
  const hours = (): string => (virtualMs / 3_600_000).toFixed(2);
  try {
    while (performance.now() < endMs && !interruption.isOver) {
      const soaked = await play(seed, flags.profile);
      runs += 1;
      virtualMs += soaked.virtualMs;
      progress.show(`seed ${seed}, ${runs} runs, ${hours()} virtual hours`);
      if (soaked.violation !== undefined) {
        progress.clear();
        await found(terminal, seed, soaked.violation, soaked.run(), flags);
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
  terminal.out(`${runs} runs, ${hours()} virtual hours, nothing was violated\n`);
  return EXIT.ok;
}

async function found(
  terminal: Terminal,
  seed: number,
  { checker, message }: Violation,
  run: AnyRun,
  flags: SoakFlags,
): Promise<void> {
  terminal.out(`seed ${seed} violated: ${checker}: ${message}\n`);
  const world = flags.world === "nodes" ? " --world nodes" : "";
  terminal.out(
    `Repeat it: quorate sim run --seed ${seed}${world} --profile ${flags.profile} --export run.json\n`,
  );
  terminal.out(
    "Make it short, and a link to the playground: quorate sim shrink run.json --export short.json --link\n",
  );
  await share(terminal, run, flags);
}

async function soakCores(seed: number, profile: SoakFlags["profile"]): Promise<Soaked> {
  const plan = drawPlan(seed, profile === "long" ? LONG_PROFILE : SHORT_PROFILE);
  const { virtualMs, violations } = runPlan(plan);
  const [violation] = violations;
  return {
    virtualMs,
    violation,
    run: () => ({
      world: "cores",
      run: { type: "plan", plan, title: `seed ${seed}`, violated: violation?.checker },
    }),
  };
}

async function soakNodes(seed: number, profile: SoakFlags["profile"]): Promise<Soaked> {
  const plan = planNodes(seed, nodeProfile(profile));
  const { result } = await playNodes(plan);
  return {
    virtualMs: result.virtualMs,
    violation: result.violations[0],
    run: () => ({ world: "nodes", plan: stageOf(plan, result) }),
  };
}
