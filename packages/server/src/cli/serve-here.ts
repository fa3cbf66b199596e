import type { ExitCode } from "./exit-code.ts";
import { serve } from "./serve.ts";
import { PROCESS_TERMINAL } from "./terminal.ts";

/** `quorate serve` on the process's own terminal: what the bundle that members start from begins with. */
export function serveHere(args: readonly string[]): Promise<ExitCode> {
  return serve(args, PROCESS_TERMINAL);
}
