import { readFileSync } from "node:fs";
import type { TxnResponse } from "@quorate/client";
import { KVService } from "@quorate/protocol";
import { ConfigError } from "../config/config-error.ts";
import { type Cli, type CommonOptions, examples } from "./cli.ts";
import { withClient } from "./connection.ts";
import { pairJson, readable } from "./print.ts";
import { show } from "./show.ts";
import { readTxnScript } from "./txn-script.ts";

const FORM = `
The script has three parts, each ended by an empty line: conditions, what to do if all hold, what to do otherwise.

  value("greeting") = "hello"
  version("counter") > "0"

  put greeting "good bye"
  get --prefix config/

  del greeting

Conditions compare value, version, create, mod or lease of a key with =, !=, < or >. Lines that begin with # say nothing.
`;

/** `txn`: several operations at one revision, under conditions. */
export function addTxnCommand({ program, terminal }: Cli): void {
  program
    .command("txn")
    .summary("do several things at once, under conditions")
    .description(
      "Reads a script from standard input and runs it as one transaction. Ends with 0 whichever branch was taken.",
    )
    .option("--file <path>", "read the script from a file")
    .addHelpText(
      "after",
      FORM + examples("quorate txn < script", "quorate txn --file script --output json"),
    )
    .action(async (flags: { readonly file?: string }, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      const text =
        flags.file === undefined
          ? Buffer.from(await terminal.readInput()).toString()
          : fileText(flags.file);
      const request = readTxnScript(text);
      const answer = await withClient(options, (client) =>
        client.call(KVService.txn, request, "write"),
      );
      show(terminal, options.output, {
        json: txnJson(answer),
        table: () => plainText(answer),
        plain: () => plainText(answer),
      });
    });
}

function fileText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`Cannot read the script ${path}.`, { cause });
  }
}

function plainText({ succeeded, responses }: TxnResponse): string {
  const parts = responses.map(({ response }) => {
    switch (response?.kind) {
      case "responsePut":
        return "OK\n";
      case "responseRange":
        return response.value.kvs
          .map((kv) => `${readable(kv.key)}\n${readable(kv.value)}\n`)
          .join("");
      case "responseDeleteRange":
        return `${response.value.deleted}\n`;
      default:
        return "";
    }
  });
  return [succeeded ? "SUCCESS\n" : "FAILURE\n", ...parts].join("\n");
}

function txnJson({ header, succeeded, responses }: TxnResponse): unknown {
  const answers = responses.map(({ response }) => {
    switch (response?.kind) {
      case "responsePut":
        return { put: {} };
      case "responseRange":
        return {
          get: {
            count: response.value.count,
            more: response.value.more,
            kvs: response.value.kvs.map(pairJson),
          },
        };
      case "responseDeleteRange":
        return { del: { deleted: response.value.deleted } };
      default:
        return {};
    }
  });
  return { revision: header?.revision, succeeded, responses: answers };
}
