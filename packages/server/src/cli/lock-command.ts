import { spawn } from "node:child_process";
import { constants } from "node:os";
import { type Client, ClientError } from "@quorate/client";
import { LockService, utf8 } from "@quorate/protocol";
import { type Cli, type CommonOptions, examples } from "./cli.ts";
import { withClient } from "./connection.ts";
import { EXIT } from "./exit-code.ts";
import { HeldLease } from "./held-lease.ts";
import { untilInterrupted } from "./interrupt.ts";
import { leaseId, readable } from "./print.ts";
import { seconds, spanMs } from "./read-words.ts";
import { say } from "./show.ts";

interface LockFlags {
  readonly ttl: string;
  readonly wait?: string;
}

/** A lock that is held. */
interface Held {
  readonly key: Uint8Array;
  /** Grows with every holder: what the holder writes to should refuse smaller ones. */
  readonly fencingToken: number;
}

/** One attempt to get the lock; it is repeated until the waiting time is over and keeps its place in the queue. */
const ATTEMPT_MS = 60 * 60 * 1000;
/** Between attempts when nobody can be reached. */
const PAUSE_MS = 250;
/** As shells have it: the number of the signal on top of this. */
const SIGNAL_EXIT = 128;

/** `lock`: holds a lock while a command runs, or until it is interrupted. */
export function addLockCommand(cli: Cli): void {
  cli.program
    .command("lock <name> [command...]")
    .usage("[options] <name> [-- command...]")
    .summary("hold a lock, or run a command under it")
    .description(
      "Waits for a lock, prints its key and its fencing token, and holds it until interrupted. With a command, runs it under the lock and ends with its exit code; it finds QUORATE_LOCK_KEY, QUORATE_LOCK_LEASE and QUORATE_FENCING_TOKEN in its environment and is ended (SIGTERM) when the lock is lost.",
    )
    .option("--ttl <span>", "how long the lock outlives its holder", "10s")
    .option("--wait <span>", "give up (with 1) when it is not ours by then")
    .addHelpText(
      "after",
      examples(
        "quorate lock backup -- ./backup.sh --full",
        "quorate lock --wait 30s migrate -- ./migrate",
      ),
    )
    .action(async (name: string, words: readonly string[], flags: LockFlags, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      await withClient(options, (client) => lock(cli, client, options, name, words, flags));
    });
}

async function lock(
  { terminal, end }: Cli,
  client: Client,
  options: CommonOptions,
  name: string,
  words: readonly string[],
  flags: LockFlags,
): Promise<void> {
  const waitMs = flags.wait === undefined ? Number.POSITIVE_INFINITY : spanMs("--wait", flags.wait);
  const lease = await HeldLease.grant(client, seconds("--ttl", flags.ttl));
  const interruption = untilInterrupted(terminal);
  try {
    const held = await acquire(client, name, lease, waitMs, interruption.happened);
    if (held === undefined) {
      if (!interruption.isOver) {
        terminal.error(
          `Lock ${name} is held by somebody else; gave up waiting after ${flags.wait}.\n`,
        );
      }
      end(EXIT.failed);
      return;
    }
    const key = readable(held.key);
    if (words.length > 0) {
      end(await runUnder(lease, held, words));
      return;
    }
    const json = { key, fencingToken: held.fencingToken, lease: leaseId(lease.id) };
    say(terminal, options.output, `${key}\nfencing token ${held.fencingToken}`, json);
    const lost = lease.lost.then(() => true);
    if (await Promise.race([lost, interruption.happened.then(() => false)])) {
      terminal.error(`Lock ${name} was lost: its lease could not be kept alive.\n`);
      end(EXIT.failed);
    }
  } finally {
    interruption.release();
    await lease.close();
  }
}

/** Undefined: not in time, or interrupted. */
async function acquire(
  client: Client,
  name: string,
  lease: HeldLease,
  waitMs: number,
  interrupted: Promise<void>,
): Promise<Held | undefined> {
  const until = Date.now() + waitMs;
  const abort = new AbortController();
  void Promise.race([interrupted, lease.lost]).then(() => abort.abort());
  while (Date.now() < until && !abort.signal.aborted) {
    const timeoutMs = Math.min(ATTEMPT_MS, until - Date.now());
    try {
      const request = { name: utf8(name), lease: lease.id };
      const { signal } = abort;
      // Asking again with the same lease finds the place in the queue again.
      const { key } = await client.call(LockService.lock, request, "read", { timeoutMs, signal });
      const { kvs } = await client.get(key, { signal });
      const fencingToken = kvs[0]?.createRevision;
      if (fencingToken !== undefined) return { key, fencingToken };
    } catch (error) {
      if (!(error instanceof ClientError) || error.code === "REFUSED") throw error;
      if (error.code === "INVALID_ARGUMENT") throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  return undefined;
}

/** Resolves with the command's exit code. */
function runUnder(
  lease: HeldLease,
  { key, fencingToken }: Held,
  words: readonly string[],
): Promise<number> {
  const [program = "", ...args] = words;
  const child = spawn(program, args, {
    stdio: "inherit",
    env: {
      ...process.env,
      QUORATE_LOCK_KEY: readable(key),
      QUORATE_LOCK_LEASE: leaseId(lease.id),
      QUORATE_FENCING_TOKEN: String(fencingToken),
    },
  });
  void lease.lost.then(() => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.once("error", (error) =>
      reject(new Error(`${program} could not be run: ${error.message}.`, { cause: error })),
    );
    child.once("exit", (code, signal) =>
      resolve(code ?? SIGNAL_EXIT + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}
