import { type Client, ClientError } from "@quorate/client";
import { type ExplainResponse, type Finding, InspectionService } from "@quorate/protocol";
import { Option } from "commander";
import { ConfigError } from "../config/config-error.ts";
import { type Cli, type CommonOptions, examples } from "./cli.ts";
import { withClient } from "./connection.ts";
import { EXIT } from "./exit-code.ts";
import { show } from "./show.ts";
import { table } from "./table.ts";

/** Questions a member answers, by the names they have on the command line. */
const QUESTIONS = {
  standing: "Where does it stand?",
  commit: "Why is nothing being committed?",
  reads: "Why does a read wait?",
  leadership: "Why does it not lead?",
  election: "Why was there an election?",
} as const;

type Question = keyof typeof QUESTIONS;

type Report =
  | { readonly endpoint: string; readonly answer: ExplainResponse }
  | { readonly endpoint: string; readonly problem: string };

/** `explain`: what the members themselves say about why things are as they are. */
export function addExplainCommand({ program, terminal, end }: Cli): void {
  program
    .command("explain [question]")
    .summary("ask the members why things are as they are")
    .description(
      `Asks every endpoint why there is no leader, why nothing commits, or what else seems odd; also when the cluster does not work. Questions: ${Object.keys(QUESTIONS).join(", ")}; without one, all of them. Ends with 3 when an endpoint did not answer.`,
    )
    .addOption(
      new Option("--language <code>", "language of the answers")
        .choices(["en", "zh"])
        .default("en"),
    )
    .addHelpText(
      "after",
      examples(
        "quorate explain",
        "quorate explain commit --language zh",
        "quorate explain --output json",
      ),
    )
    .action(async (word: string | undefined, flags: { readonly language: string }, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      const asked = questionsOf(word);
      const reports = await withClient(options, (client) =>
        Promise.all(client.endpoints.map((endpoint) => ask(client, endpoint, flags.language))),
      );
      show(terminal, options.output, {
        json: reports.map((report) => reportJson(report, asked)),
        table: () =>
          table(
            ["ENDPOINT", "QUESTION", "ANSWER"],
            reports.flatMap((report) => rowsOf(report, asked)),
          ),
        plain: () => reports.map((report) => textOf(report, asked)).join("\n"),
      });
      if (reports.some((report) => "problem" in report)) end(EXIT.unavailable);
    });
}

function questionsOf(word: string | undefined): readonly Question[] {
  const all = Object.keys(QUESTIONS) as Question[];
  if (word === undefined) return all;
  const known = all.filter((question) => question === word);
  if (known.length > 0) return known;
  throw new ConfigError(`There is no question "${word}": ${all.join(", ")}.`);
}

async function ask(client: Client, endpoint: string, language: string): Promise<Report> {
  try {
    const answer = await client.call(InspectionService.explain, { language }, "read", {
      at: endpoint,
    });
    return { endpoint, answer };
  } catch (error) {
    if (!(error instanceof ClientError) || error.status === INVALID_ARGUMENT) throw error;
    return { endpoint, problem: error.message };
  }
}

const INVALID_ARGUMENT = 3;

function reportJson(report: Report, asked: readonly Question[]): unknown {
  if ("problem" in report) return report;
  const { endpoint, answer } = report;
  const answers = Object.fromEntries(asked.map((question) => [question, answer[question]]));
  return { endpoint, member: answer.member, warnings: answer.warnings, ...answers };
}

function rowsOf(report: Report, asked: readonly Question[]): readonly (readonly string[])[] {
  if ("problem" in report) return [[report.endpoint, "", report.problem]];
  const { endpoint, answer } = report;
  const warnings = answer.warnings.map((warning) => [endpoint, "warning", warning]);
  const told = asked.flatMap((question) =>
    answer[question].map(({ sentence }) => [endpoint, question, sentence]),
  );
  return [...warnings, ...told];
}

function textOf(report: Report, asked: readonly Question[]): string {
  if ("problem" in report) return `${report.endpoint}\n  ${report.problem}\n`;
  const { endpoint, answer } = report;
  const warnings = answer.warnings.map((warning) => `  ! ${warning}\n`).join("");
  const parts = asked
    .filter((question) => answer[question].length > 0)
    .map((question) => `  ${QUESTIONS[question]}\n${sentences(answer[question])}`);
  return `${answer.member} (${endpoint})\n${warnings}${parts.join("")}`;
}

function sentences(findings: readonly Finding[]): string {
  return findings.map(({ sentence }) => `    ${sentence}\n`).join("");
}
