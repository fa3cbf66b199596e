import { replay, type SharedRun } from "@quorate/sim";
import { EXIT } from "./exit-code.ts";
import { replayNodes } from "./sim-nodes.ts";
import { openRun, testOf } from "./sim-run.ts";
import type { Terminal } from "./terminal.ts";

/** Plays a run again, or prints it as a test. */
export async function replayRun(
  terminal: Terminal,
  source: string,
  asTest: boolean,
): Promise<number> {
  const any = await openRun(source);
  if (asTest) {
    terminal.out(testOf(any));
    return EXIT.ok;
  }
  return any.world === "nodes" ? replayNodes(terminal, any.plan) : replayCores(terminal, any.run);
}

function replayCores(terminal: Terminal, run: SharedRun): number {
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
