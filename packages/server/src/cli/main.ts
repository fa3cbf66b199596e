import type { ExitCode } from "./exit-code.ts";
import { run } from "./program.ts";
import { serve } from "./serve.ts";
import { PROCESS_TERMINAL } from "./terminal.ts";

/** The `quorate` command: runs with the process's arguments and resolves with its exit code. */
export function main(args: readonly string[]): Promise<ExitCode> {
  return run(args, PROCESS_TERMINAL, serve);
}
