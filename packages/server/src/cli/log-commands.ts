import {
  groupDirectories,
  inspectLog,
  type LogRepair,
  type LogVerification,
  repairLog,
  verifyLog,
} from "@quorate/host";
import { nodeEnvironment } from "@quorate/host/node";
import { whileUnused } from "../member/unused-folder.ts";
import type { Cli, CommonOptions } from "./cli.ts";
import { examples } from "./cli.ts";
import { EXIT } from "./exit-code.ts";
import { findLogs } from "./log-folder.ts";
import { findingLine, itemLines, jsonReady, verificationLines } from "./log-lines.ts";

type Group = Cli["program"];
type Flags = CommonOptions & { readonly group?: string };

/** `log`: dump, verify, repair. All work on a folder that no process uses, and ask no cluster. */
export function addLogCommands(cli: Cli): void {
  const log = cli.program
    .command("log")
    .summary("look at a member's log on disk, check it, repair what is safe")
    .description(
      "Reads the log in a data folder while no process uses it: a member's --data-dir, or the folder of a host that a program embeds.",
    );
  addDump(cli, log);
  addVerify(cli, log);
  addRepair(cli, log);
}

function addDump({ terminal, end }: Cli, log: Group): void {
  log
    .command("dump <data-dir>")
    .summary("show everything a log holds")
    .description(
      "Shows every segment, batch and record in the order of the log, what is out of the ordinary, and the verdict. Stops where the log cannot be trusted, and ends then with 1. Changes nothing.",
    )
    .option("--group <number>", "only this group")
    .addHelpText("after", examples("quorate log dump /var/lib/quorate | less"))
    .action(async (dataDir: string, _: unknown, command: Group) => {
      const { output, group }: Flags = command.optsWithGlobals();
      const environment = nodeEnvironment();
      const { directory, groups } = await findLogs(environment, dataDir, group);
      await whileUnused(environment, directory, async () => {
        for (const groupId of groups) {
          if (output !== "json") terminal.out(`group ${groupId}\n`);
          for await (const item of inspectLog(
            environment,
            groupDirectories(directory, groupId).log,
          )) {
            if (output === "json")
              terminal.out(`${JSON.stringify({ groupId, ...item }, jsonReady)}\n`);
            else
              terminal.out(
                itemLines(item)
                  .map((line) => `${line}\n`)
                  .join(""),
              );
            if (item.type === "end" && (item.verdict === "refused" || item.verdict === "tooNew")) {
              end(EXIT.failed);
            }
          }
        }
      });
    });
}

function addVerify({ terminal, end }: Cli, log: Group): void {
  log
    .command("verify <data-dir>")
    .summary("check a log and its snapshots")
    .description(
      "Reads every byte of the log and of its snapshots, compares all checksums and says what starting the member would come to. Ends with 0 when all is in order, otherwise with 1 and the way out. Changes nothing.",
    )
    .option("--group <number>", "only this group")
    .addHelpText("after", examples("quorate log verify /var/lib/quorate"))
    .action(async (dataDir: string, _: unknown, command: Group) => {
      const { output, group }: Flags = command.optsWithGlobals();
      const environment = nodeEnvironment();
      const { directory, groups } = await findLogs(environment, dataDir, group);
      const found = await whileUnused(environment, directory, async () => {
        const verified: LogVerification[] = [];
        for (const groupId of groups) {
          verified.push(await verifyLog(environment, directory, groupId));
        }
        return verified;
      });
      if (output === "json") terminal.out(`${JSON.stringify({ groups: found }, jsonReady)}\n`);
      else
        terminal.out(
          found
            .flatMap(verificationLines)
            .map((line) => `${line}\n`)
            .join(""),
        );
      if (!found.every(isInOrder)) end(EXIT.failed);
    });
}

function isInOrder({ summary, remedy }: LogVerification): boolean {
  return summary.verdict === "good" && remedy === "";
}

function addRepair({ terminal, end }: Cli, log: Group): void {
  log
    .command("repair <data-dir>")
    .summary("set aside what was never acknowledged; refuse everything else")
    .description(
      "Does what a start of the member would do: sets a torn end aside and deletes what was never finished. Where acknowledged data is damaged it changes nothing, says the way out and ends with 1.",
    )
    .option("--group <number>", "only this group")
    .addHelpText("after", examples("quorate log repair /var/lib/quorate"))
    .action(async (dataDir: string, _: unknown, command: Group) => {
      const { output, group }: Flags = command.optsWithGlobals();
      const environment = nodeEnvironment();
      const { directory, groups } = await findLogs(environment, dataDir, group);
      const done: { readonly groupId: number; readonly repair: LogRepair }[] = [];
      for (const groupId of groups) {
        done.push({ groupId, repair: await repairLog(environment, directory, groupId) });
      }
      if (output === "json") terminal.out(`${JSON.stringify({ groups: done }, jsonReady)}\n`);
      else {
        for (const { groupId, repair } of done) {
          terminal.out(
            repairLines(repair)
              .map((line) => `group ${groupId}: ${line}\n`)
              .join(""),
          );
        }
      }
      if (done.some(({ repair }) => repair.type === "refused")) end(EXIT.failed);
    });
}

function repairLines(repair: LogRepair): readonly string[] {
  switch (repair.type) {
    case "nothingToDo":
      return ["all is in order; there was nothing to repair"];
    case "repaired":
      return ["repaired", ...repair.findings.map((found) => `  ${findingLine(found)}`)];
    case "refused":
      return [`refused, nothing was changed: ${repair.reason}`, `  ${repair.remedy}`];
  }
}
