import { type Client, ClientError, type StatusResponse } from "@quorate/client";
import { InspectionService } from "@quorate/protocol";
import type { Command } from "commander";
import { type ConnectionOptions, withClient } from "./connection.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { leaseId, type OutputFormat } from "./print.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** What one endpoint said, or why it said nothing. */
type Report =
  | {
      readonly endpoint: string;
      readonly status: StatusResponse;
      readonly warnings: readonly string[];
    }
  | { readonly endpoint: string; readonly problem: string };

/** `status`: how every given endpoint is doing. Ends with `unavailable` when one of them did not answer. */
export function addStatusCommand(
  program: Command,
  terminal: Terminal,
  end: (code: ExitCode) => void,
): void {
  program
    .command("status")
    .summary("show how each endpoint is doing")
    .description(
      "Asks every endpoint how it is doing: its role, term, log position, size and warnings. Ends with 3 when one did not answer.",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  quorate --endpoints 10.0.0.1:2379,10.0.0.2:2379,10.0.0.3:2379 status\n  quorate status --output json\n",
    )
    .action(async (_: unknown, command: Command) => {
      const options: ConnectionOptions & { readonly output: OutputFormat } =
        command.optsWithGlobals();
      const reports = await withClient(options, (client) =>
        Promise.all(client.endpoints.map((endpoint) => ask(client, endpoint))),
      );
      terminal.out(options.output === "json" ? reportJson(reports) : reportTable(reports));
      if (reports.some((report) => "problem" in report)) end(EXIT.unavailable);
    });
}

async function ask(client: Client, endpoint: string): Promise<Report> {
  try {
    const [status, warnings] = await Promise.all([
      client.status(endpoint),
      warningsOf(client, endpoint),
    ]);
    return { endpoint, status, warnings: [...new Set([...status.errors, ...warnings])] };
  } catch (error) {
    if (error instanceof ClientError) return { endpoint, problem: error.message };
    throw error;
  }
}

/** What the member itself finds odd; nothing from a server that cannot be asked. */
async function warningsOf(client: Client, at: string): Promise<readonly string[]> {
  try {
    return (await client.call(InspectionService.explain, {}, "read", { at })).warnings;
  } catch (error) {
    if (error instanceof ClientError) return [];
    throw error;
  }
}

function roleOf(status: StatusResponse): string {
  if (status.isLearner) return "learner";
  return status.header?.memberId === status.leader ? "leader" : "follower";
}

function reportTable(reports: readonly Report[]): string {
  const answered = reports.map((report) => {
    if ("problem" in report) return [report.endpoint, "", "", "", "", "", "", report.problem];
    const { status, warnings } = report;
    return [
      report.endpoint,
      leaseId(status.header?.memberId ?? 0n),
      roleOf(status),
      String(status.raftTerm),
      String(status.raftIndex),
      String(status.header?.revision ?? 0),
      `${(status.dbSize / 1024 / 1024).toFixed(1)} MiB`,
      warnings.join(" "),
    ];
  });
  return table(
    ["ENDPOINT", "ID", "ROLE", "TERM", "INDEX", "REVISION", "SIZE", "WARNINGS"],
    answered,
  );
}

function reportJson(reports: readonly Report[]): string {
  const shown = reports.map((report) => {
    if ("problem" in report) return report;
    const { endpoint, status, warnings } = report;
    return {
      endpoint,
      id: leaseId(status.header?.memberId ?? 0n),
      clusterId: leaseId(status.header?.clusterId ?? 0n),
      role: roleOf(status),
      leader: leaseId(status.leader),
      term: status.raftTerm,
      index: status.raftIndex,
      appliedIndex: status.raftAppliedIndex,
      revision: status.header?.revision ?? 0,
      sizeBytes: status.dbSize,
      sizeInUseBytes: status.dbSizeInUse,
      version: status.version,
      warnings,
    };
  });
  return `${JSON.stringify(shown)}\n`;
}
