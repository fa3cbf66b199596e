import { type Client, ClientError } from "@quorate/client";
import { ElectionService, type KeyValue, utf8 } from "@quorate/protocol";
import { ConfigError } from "../config/config-error.ts";
import { type Cli, type CommonOptions, examples } from "./cli.ts";
import { withClient } from "./connection.ts";
import { EXIT } from "./exit-code.ts";
import { HeldLease } from "./held-lease.ts";
import { untilInterrupted } from "./interrupt.ts";
import { pairJson, readable } from "./print.ts";
import { seconds } from "./read-words.ts";
import { say } from "./show.ts";

interface ElectFlags {
  readonly listen?: boolean;
  readonly ttl: string;
}

/** One attempt to win; it is repeated and keeps its place in the queue. */
const ATTEMPT_MS = 60 * 60 * 1000;
const PAUSE_MS = 250;

/** `elect`: stands for election until interrupted, or shows who leads. */
export function addElectCommand(cli: Cli): void {
  cli.program
    .command("elect <name> [value]")
    .summary("stand for election, or watch who is elected")
    .description(
      "Stands for election with a value that others can see; says so when it leads, leads until interrupted, and then resigns. With --listen, shows each leader as it comes.",
    )
    .option("--listen", "show leaders instead of standing for election")
    .option("--ttl <span>", "how long leadership outlives the leader", "10s")
    .addHelpText(
      "after",
      examples('quorate elect scheduler "$(hostname)"', "quorate elect --listen scheduler"),
    )
    .action(async (name: string, value: string | undefined, flags: ElectFlags, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      if (flags.listen === true) {
        if (value !== undefined) throw new ConfigError("--listen takes no value.");
        await withClient(options, (client) => listen(cli, client, options, name));
        return;
      }
      if (value === undefined) {
        throw new ConfigError("Standing for election needs a value; to watch, use --listen.");
      }
      await withClient(options, (client) => campaign(cli, client, options, name, value, flags));
    });
}

async function listen(
  { terminal }: Cli,
  client: Client,
  options: CommonOptions,
  name: string,
): Promise<void> {
  const interruption = untilInterrupted(terminal);
  const stream = await client.openStream(ElectionService.observe, { name: utf8(name) });
  void interruption.happened.then(() => stream.cancel());
  for await (const { kv } of stream) {
    if (kv !== undefined) showLeader({ terminal }, options, kv);
  }
  interruption.release();
}

function showLeader(
  { terminal }: Pick<Cli, "terminal">,
  options: CommonOptions,
  kv: KeyValue,
): void {
  say(terminal, options.output, `${readable(kv.key)}\n${readable(kv.value)}`, pairJson(kv));
}

async function campaign(
  cli: Cli,
  client: Client,
  options: CommonOptions,
  name: string,
  value: string,
  flags: ElectFlags,
): Promise<void> {
  const { terminal, end } = cli;
  const lease = await HeldLease.grant(client, seconds("--ttl", flags.ttl));
  const interruption = untilInterrupted(terminal);
  const abort = new AbortController();
  void Promise.race([interruption.happened, lease.lost]).then(() => abort.abort());
  try {
    const leader = await win(
      client,
      { name: utf8(name), lease: lease.id, value: utf8(value) },
      abort.signal,
    );
    if (leader === undefined) return;
    const { kvs } = await client.get(leader.key);
    if (kvs[0] !== undefined) showLeader(cli, options, kvs[0]);
    const isLost = await Promise.race([
      lease.lost.then(() => true),
      interruption.happened.then(() => false),
    ]);
    if (isLost) {
      terminal.error(`Leadership of ${name} was lost: its lease could not be kept alive.\n`);
      end(EXIT.failed);
      return;
    }
    await client.call(ElectionService.resign, { leader }, "read");
  } finally {
    interruption.release();
    await lease.close();
  }
}

interface Candidate {
  readonly name: Uint8Array;
  readonly lease: bigint;
  readonly value: Uint8Array;
}

/** Undefined: interrupted. */
async function win(
  client: Client,
  candidate: Candidate,
  signal: AbortSignal,
): Promise<
  | {
      readonly name: Uint8Array;
      readonly key: Uint8Array;
      readonly rev: number;
      readonly lease: bigint;
    }
  | undefined
> {
  while (!signal.aborted) {
    try {
      const options = { timeoutMs: ATTEMPT_MS, signal };
      const { leader } = await client.call(ElectionService.campaign, candidate, "read", options);
      if (leader !== undefined) return leader;
    } catch (error) {
      if (!(error instanceof ClientError) || error.code === "REFUSED") throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  return undefined;
}
