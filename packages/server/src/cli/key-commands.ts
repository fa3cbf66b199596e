import type {
  DeleteRangeResponse,
  GetOptions,
  KeyValue,
  RangeResponse,
  SortBy,
} from "@quorate/client";
import { type Command, Option } from "commander";
import { ConfigError } from "../config/config-error.ts";
import { type CommonOptions as Common, examples } from "./cli.ts";
import { withClient } from "./connection.ts";
import { leaseId, pairJson, readable } from "./print.ts";
import { leaseIdOf, optionalNumber } from "./read-words.ts";
import { show } from "./show.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

interface PutFlags {
  readonly lease?: string;
  readonly prevKv?: boolean;
}

interface IntervalFlags {
  readonly prefix?: boolean;
  readonly fromKey?: boolean;
}

interface GetFlags extends IntervalFlags {
  readonly limit?: string;
  readonly revision?: string;
  readonly serializable?: boolean;
  readonly keysOnly?: boolean;
  readonly valueOnly?: boolean;
  readonly countOnly?: boolean;
  readonly sortBy?: SortBy;
  readonly descending?: boolean;
}

interface DeleteFlags extends IntervalFlags {
  readonly prevKv?: boolean;
}

const SORT_CHOICES: readonly SortBy[] = [
  "key",
  "version",
  "createRevision",
  "modRevision",
  "value",
];

/** `put`, `get` and `del`. */
export function addKeyCommands(program: Command, terminal: Terminal): void {
  addPut(program, terminal);
  addGet(program, terminal);
  addDelete(program, terminal);
}

function addPut(program: Command, terminal: Terminal): void {
  program
    .command("put <key> [value]")
    .summary("set a key")
    .description(
      "Sets a key to a value. Without a value, what comes in on standard input is the value.",
    )
    .option("--lease <id>", "let the key vanish with this lease (hexadecimal)")
    .option("--prev-kv", "show the pair as it was before")
    .addHelpText(
      "after",
      examples(
        "quorate put greeting hello",
        "date | quorate put now",
        'quorate put -- -key "value"',
      ),
    )
    .action(async (key: string, value: string | undefined, flags: PutFlags, command: Command) => {
      const options: Common = command.optsWithGlobals();
      checkKey(key);
      const content = value ?? (await terminal.readInput());
      const lease = flags.lease === undefined ? undefined : leaseIdOf("--lease", flags.lease);
      const { header, prevKv } = await withClient(options, (client) =>
        client.put(key, content, { lease, prevKv: flags.prevKv }),
      );
      const before = prevKv === undefined ? [] : [prevKv];
      show(terminal, options.output, {
        json: { revision: header?.revision, ...(prevKv && { previous: pairJson(prevKv) }) },
        table: () => pairTable(before),
        plain: () => `OK\n${before.map(pairLines).join("")}`,
      });
    });
}

function addGet(program: Command, terminal: Terminal): void {
  program
    .command("get <key> [end]")
    .summary("read keys")
    .description("Reads one key, or all keys from <key> up to but not including [end].")
    .option("--prefix", "all keys that begin with <key>; an empty key means every key")
    .option("--from-key", "all keys from <key> on")
    .option("--limit <n>", "at most so many pairs")
    .option("--revision <n>", "as of this revision")
    .option("--serializable", "whatever the asked member has: fast, possibly stale")
    .option("--keys-only", "leave the values out")
    .option("--value-only", "print values and nothing else")
    .option("--count-only", "print how many keys there are")
    .addOption(new Option("--sort-by <what>", "order of the pairs").choices(SORT_CHOICES))
    .option("--descending", "reverse the order")
    .addHelpText(
      "after",
      examples(
        "quorate get greeting",
        "quorate get --prefix /config/ --output table",
        'quorate get --prefix "" --count-only',
      ),
    )
    .action(async (key: string, end: string | undefined, flags: GetFlags, command: Command) => {
      const options: Common = command.optsWithGlobals();
      if (flags.prefix !== true && flags.fromKey !== true) checkKey(key);
      const request = { ...intervalOf(flags, end), ...readingOf(flags) };
      const answer = await withClient(options, (client) => client.get(key, request));
      show(terminal, options.output, {
        json: rangeJson(answer),
        table: () => (flags.countOnly === true ? `${answer.count}\n` : pairTable(answer.kvs)),
        plain: () => rangeText(answer, flags),
      });
    });
}

function addDelete(program: Command, terminal: Terminal): void {
  program
    .command("del <key> [end]")
    .alias("delete")
    .summary("delete keys")
    .description("Deletes one key, or all keys from <key> up to but not including [end].")
    .option("--prefix", "all keys that begin with <key>; an empty key means every key")
    .option("--from-key", "all keys from <key> on")
    .option("--prev-kv", "show the deleted pairs")
    .addHelpText("after", examples("quorate del greeting", "quorate del --prefix /config/"))
    .action(async (key: string, end: string | undefined, flags: DeleteFlags, command: Command) => {
      const options: Common = command.optsWithGlobals();
      if (flags.prefix !== true && flags.fromKey !== true) checkKey(key);
      const answer = await withClient(options, (client) =>
        client.delete(key, { ...intervalOf(flags, end), prevKv: flags.prevKv }),
      );
      show(terminal, options.output, {
        json: deletedJson(answer),
        table: () => pairTable(answer.prevKvs),
        plain: () => `${answer.deleted}\n${answer.prevKvs.map(pairLines).join("")}`,
      });
    });
}

function checkKey(key: string): void {
  if (key === "") throw new ConfigError("The key must not be empty.");
}

function intervalOf(
  flags: IntervalFlags,
  end: string | undefined,
): Pick<GetOptions, "prefix" | "fromKey" | "end"> {
  const ways = [flags.prefix === true, flags.fromKey === true, end !== undefined];
  if (ways.filter((way) => way).length > 1) {
    throw new ConfigError("Only one of --prefix, --from-key and an end can be given.");
  }
  return { prefix: flags.prefix, fromKey: flags.fromKey, end };
}

function readingOf(flags: GetFlags): GetOptions {
  const ways = [flags.keysOnly, flags.valueOnly, flags.countOnly];
  if (ways.filter((way) => way === true).length > 1) {
    throw new ConfigError("Only one of --keys-only, --value-only and --count-only can be given.");
  }
  const isSorted = flags.sortBy !== undefined || flags.descending === true;
  return {
    limit: optionalNumber("--limit", flags.limit),
    revision: optionalNumber("--revision", flags.revision),
    serializable: flags.serializable,
    keysOnly: flags.keysOnly,
    countOnly: flags.countOnly,
    sort: isSorted ? { by: flags.sortBy ?? "key", descending: flags.descending } : undefined,
  };
}

function pairTable(kvs: readonly KeyValue[]): string {
  return table(
    ["KEY", "VALUE", "CREATED AT", "CHANGED AT", "VERSION", "LEASE"],
    kvs.map((kv) => [
      readable(kv.key),
      readable(kv.value),
      String(kv.createRevision),
      String(kv.modRevision),
      String(kv.version),
      kv.lease === 0n ? "" : leaseId(kv.lease),
    ]),
  );
}

function pairLines(kv: KeyValue): string {
  return `${readable(kv.key)}\n${readable(kv.value)}\n`;
}

function rangeText(answer: RangeResponse, flags: GetFlags): string {
  if (flags.countOnly === true) return `${answer.count}\n`;
  if (flags.keysOnly === true) return answer.kvs.map(({ key }) => `${readable(key)}\n`).join("");
  if (flags.valueOnly === true)
    return answer.kvs.map(({ value }) => `${readable(value)}\n`).join("");
  return answer.kvs.map(pairLines).join("");
}

function rangeJson({ header, kvs, count, more }: RangeResponse): unknown {
  return { revision: header?.revision, count, more, kvs: kvs.map(pairJson) };
}

function deletedJson({ header, deleted, prevKvs }: DeleteRangeResponse): unknown {
  return { revision: header?.revision, deleted, previous: prevKvs.map(pairJson) };
}
