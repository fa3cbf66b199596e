import { spawn } from "node:child_process";
import { type Client, ClientError, interval } from "@quorate/client";
import {
  type Event,
  EventType,
  FilterType,
  type WatchResponse,
  WatchService,
} from "@quorate/protocol";
import { ConfigError } from "../config/config-error.ts";
import { type Cli, type CommonOptions, examples } from "./cli.ts";
import { withClient } from "./connection.ts";
import { type Interruption, untilInterrupted } from "./interrupt.ts";
import { pairJson, readable } from "./print.ts";
import { optionalNumber } from "./read-words.ts";

interface WatchFlags {
  readonly prefix?: boolean;
  readonly fromKey?: boolean;
  readonly revision?: string;
  readonly prevKv?: boolean;
  readonly only?: string;
  readonly count?: string;
  readonly exec?: string;
}

/** Between two attempts to go on after the connection broke. */
const PAUSE_MS = 250;

/** `watch`: changes of keys as they happen, through any failure of single members. */
export function addWatchCommand(cli: Cli): void {
  cli.program
    .command("watch <key> [end]")
    .summary("show changes as they happen")
    .description(
      "Shows every change of one key, or of all keys from <key> up to but not including [end], until interrupted. A broken connection is opened again, to another member if need be, and goes on where it stopped: nothing is missed or shown twice.",
    )
    .option("--prefix", "all keys that begin with <key>; an empty key means every key")
    .option("--from-key", "all keys from <key> on")
    .option("--revision <n>", "begin with the changes of this revision")
    .option("--prev-kv", "also show each pair as it was before")
    .option("--only <kind>", "put or delete")
    .option("--count <n>", "end after so many changes")
    .option(
      "--exec <command>",
      "run this with a shell for every change; it finds QUORATE_EVENT, QUORATE_KEY, QUORATE_VALUE and QUORATE_REVISION in its environment",
    )
    .addHelpText(
      "after",
      examples("quorate watch --prefix /config/", "quorate watch job --count 1 --output json"),
    )
    .action(async (key: string, end: string | undefined, flags: WatchFlags, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      if (key === "" && flags.prefix !== true && flags.fromKey !== true) {
        throw new ConfigError("The key must not be empty.");
      }
      const watch = new Watch(cli, options, flags, interval(key, { ...flags, end }));
      await withClient(options, (client) => watch.run(client));
    });
}

type Taken = "enough" | "goOn";

class Watch {
  readonly #cli: Cli;
  readonly #options: CommonOptions;
  readonly #flags: WatchFlags;
  readonly #keys: ReturnType<typeof interval>;
  #left: number;
  #hasBegun = false;
  /** 0: from now on. */
  #nextRevision: number;

  constructor(
    cli: Cli,
    options: CommonOptions,
    flags: WatchFlags,
    keys: ReturnType<typeof interval>,
  ) {
    this.#cli = cli;
    this.#options = options;
    this.#flags = flags;
    this.#keys = keys;
    this.#left = optionalNumber("--count", flags.count) ?? Number.POSITIVE_INFINITY;
    this.#nextRevision = optionalNumber("--revision", flags.revision) ?? 0;
    if (flags.only !== undefined && flags.only !== "put" && flags.only !== "delete") {
      throw new ConfigError(`--only must be put or delete, not "${flags.only}".`);
    }
  }

  async run(client: Client): Promise<void> {
    const interruption = untilInterrupted(this.#cli.terminal);
    while (!interruption.isOver) {
      try {
        if ((await this.#follow(client, interruption)) === "enough") break;
      } catch (error) {
        // Once something was heard, another connection may go on.
        if (!this.#hasBegun || !isPassing(error)) throw error;
      }
      this.#cli.terminal.error("The connection broke; going on with another one.\n");
      await interruption.within(PAUSE_MS);
    }
    interruption.release();
  }

  /** One stream until it ends. */
  async #follow(client: Client, interruption: Interruption): Promise<Taken> {
    const stream = await client.openStream(WatchService.watch);
    void interruption.happened.then(() => stream.cancel());
    const { prevKv } = this.#flags;
    const filters = this.#filters;
    const startRevision = this.#nextRevision;
    const value = { ...this.#keys, startRevision, filters, prevKv, progressNotify: true };
    stream.write({ requestUnion: { kind: "createRequest", value } });
    try {
      for await (const response of stream) {
        if ((await this.#take(response)) === "enough") return "enough";
      }
    } finally {
      stream.cancel();
    }
    return interruption.isOver ? "enough" : "goOn";
  }

  get #filters(): readonly number[] {
    switch (this.#flags.only) {
      case "put":
        return [FilterType.NODELETE];
      case "delete":
        return [FilterType.NOPUT];
      default:
        return [];
    }
  }

  async #take(response: WatchResponse): Promise<Taken> {
    if (response.canceled) throw new Error(reasonOf(response));
    const revision = response.header?.revision ?? 0;
    if (response.created) this.#hasBegun = true;
    if (this.#nextRevision === 0) this.#nextRevision = revision + 1;
    for (const event of response.events) {
      this.#show(event);
      if (this.#flags.exec !== undefined) await execute(this.#flags.exec, event);
      this.#left -= 1;
      if (this.#left <= 0) return "enough";
    }
    // Not before the last part of a response that came in parts: they all have the same revision.
    const last = response.events.at(-1)?.kv?.modRevision;
    if (last !== undefined && !response.fragment)
      this.#nextRevision = Math.max(this.#nextRevision, last + 1);
    return "goOn";
  }

  #show(event: Event): void {
    const { kv, prevKv } = event;
    if (kv === undefined) return;
    const kind = event.type === EventType.PUT ? "PUT" : "DELETE";
    const { terminal } = this.#cli;
    if (this.#options.output === "json") {
      const previous = prevKv === undefined ? {} : { previous: pairJson(prevKv) };
      const pair = kind === "PUT" ? pairJson(kv) : { ...pairJson(kv), value: undefined };
      terminal.out(`${JSON.stringify({ event: kind.toLowerCase(), ...pair, ...previous })}\n`);
      return;
    }
    if (this.#options.output === "table") {
      terminal.out(
        `${[kv.modRevision, kind.padEnd(6), readable(kv.key), readable(kv.value)].join("  ").trimEnd()}\n`,
      );
      return;
    }
    const before =
      prevKv === undefined ? "" : `${readable(prevKv.key)}\n${readable(prevKv.value)}\n`;
    terminal.out(`${kind}\n${before}${readable(kv.key)}\n${readable(kv.value)}\n`);
  }
}

const UNAVAILABLE = 14;

function isPassing(error: unknown): boolean {
  if (!(error instanceof ClientError)) return false;
  return (
    error.status === UNAVAILABLE || ["INTERRUPTED", "UNREACHABLE", "TIMEOUT"].includes(error.code)
  );
}

function reasonOf({ cancelReason, compactRevision }: WatchResponse): string {
  if (compactRevision > 0) {
    return `The history from there on is gone: it was compacted up to revision ${compactRevision}. Read the keys and watch from their revision on.`;
  }
  return cancelReason === "" ? "The watch was ended by the cluster." : cancelReason;
}

function execute(line: string, event: Event): Promise<void> {
  const { kv } = event;
  if (kv === undefined) return Promise.resolve();
  const child = spawn(line, {
    shell: true,
    stdio: "inherit",
    env: {
      ...process.env,
      QUORATE_EVENT: event.type === EventType.PUT ? "put" : "delete",
      QUORATE_KEY: Buffer.from(kv.key).toString(),
      QUORATE_VALUE: Buffer.from(kv.value).toString(),
      QUORATE_REVISION: String(kv.modRevision),
    },
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => resolve());
  });
}
