import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadBundle } from "./bundle.ts";
import type { ExitCode } from "./exit-code.ts";
import { PROCESS_TERMINAL, type Terminal } from "./terminal.ts";

/** Where the build puts the bundle: beside the compiled command. */
const BUNDLE = join(dirname(dirname(fileURLToPath(import.meta.url))), "bundle");

/** Each half is loaded when it is needed: a member that restarts must not wait for the client's commands to load. */
async function serve(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const loaded = await import("./serve.ts");
  return loaded.serve(args, terminal);
}

/**
 * The `quorate` command: runs with the process's arguments and resolves with its exit code. Called by a link of the name
 * etcd, it is the server, so that start lines for etcd need no change at all.
 */
export async function main(words: readonly string[], calledAs = ""): Promise<number> {
  const args = basename(calledAs) === "etcd" ? ["serve", ...words] : words;
  if (args[0] === "serve") {
    // A member that has stopped must not be kept alive by a connection that somebody forgot to close.
    const bundle = loadBundle(BUNDLE);
    const serving = args.slice(1);
    process.exit(await (bundle?.serveHere(serving) ?? serve(serving, PROCESS_TERMINAL)));
  }
  const { run } = await import("./program.ts");
  return run(args, PROCESS_TERMINAL, serve);
}
