import { run } from "./program.ts";
import { serve } from "./serve.ts";
import { PROCESS_TERMINAL } from "./terminal.ts";

/** The `quorate` command: runs with the process's arguments and resolves with its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const code = await run(args, PROCESS_TERMINAL, serve);
  // A member that has stopped must not be kept alive by a connection that somebody forgot to close.
  if (args[0] === "serve") process.exit(code);
  return code;
}
