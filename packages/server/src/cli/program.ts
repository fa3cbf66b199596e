import { Command, CommanderError, Option } from "commander";
import { ETCD_VERSION, quorateVersion } from "../version.ts";
import { adviceFor } from "./advice.ts";
import { addAuthCommands } from "./auth-commands.ts";
import { addCheckCommand } from "./check-command.ts";
import type { Cli } from "./cli.ts";
import { addCompletionCommand } from "./completion-command.ts";
import { addConnectionOptions } from "./connection.ts";
import { addElectCommand } from "./elect-command.ts";
import { EXIT, EXIT_MEANINGS, type ExitCode } from "./exit-code.ts";
import { addExplainCommand } from "./explain-command.ts";
import { exitCodeOf, sentenceOf } from "./failure.ts";
import { addInitCommand } from "./init-command.ts";
import { addKeyCommands } from "./key-commands.ts";
import { addLeaseCommands } from "./lease-commands.ts";
import { addLockCommand } from "./lock-command.ts";
import { addLogCommands } from "./log-commands.ts";
import { addMaintenanceCommands } from "./maintenance-commands.ts";
import { addMemberCommands } from "./member-commands.ts";
import { OUTPUT_FORMATS } from "./print.ts";
import { addRoleCommands } from "./role-commands.ts";
import { addSimCommands } from "./sim-command.ts";
import { addSnapshotCommands } from "./snapshot-commands.ts";
import { addStatusCommand } from "./status-command.ts";
import type { Terminal } from "./terminal.ts";
import { addTopCommand } from "./top-command.ts";
import { addTxnCommand } from "./txn-command.ts";
import { addUnsafeRecoverCommand } from "./unsafe-recover-command.ts";
import { addUserCommands } from "./user-commands.ts";
import { addWatchCommand } from "./watch-command.ts";

/** Runs a member until it is told to stop; resolves with the exit code. */
export type Serve = (args: readonly string[], terminal: Terminal) => Promise<ExitCode>;

const EXIT_CODES = `
Exit codes:
${Object.entries(EXIT_MEANINGS)
  .map(([code, meaning]) => `  ${code.padEnd(7)}${meaning}\n`)
  .join("")}`;

/** Runs `quorate` with the words after its name. */
export async function run(
  args: readonly string[],
  terminal: Terminal,
  serve: Serve,
): Promise<number> {
  // A member's settings are etcd's flags with etcd's rules, which are not commander's.
  if (args[0] === "serve") return serve(args.slice(1), terminal);
  let code: number = EXIT.ok;
  const program = buildProgram(terminal, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const sentence = sentenceOf(error);
    const advice = adviceFor(sentence);
    terminal.error(advice === undefined ? `${sentence}\n` : `${sentence}\n${advice}\n`);
    return exitCodeOf(error);
  }
}

/** All commands; `end` hears the code to end with when that is not 0 although nothing failed. */
export function buildProgram(terminal: Terminal, end: (code: number) => void): Command {
  const program = new Command("quorate");
  program
    .description(
      "A replicated key-value store that speaks etcd's API. `quorate serve` runs a member; the other commands talk to a cluster.",
    )
    .version(`quorate ${quorateVersion()}`, "-V, --version", "print the version")
    .addOption(
      new Option("--output <format>", "how answers are shown")
        .choices(OUTPUT_FORMATS)
        .default("plain"),
    )
    .configureHelp({ showGlobalOptions: true })
    .addHelpText("afterAll", EXIT_CODES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.error(text),
      outputError: (text, write) => write(asSentence(text)),
    });
  addConnectionOptions(program, terminal.variables);
  program
    .command("serve")
    .summary("run a member of a cluster")
    .description(
      "Runs a member until it is told to stop. See quorate serve --help for its settings.",
    )
    .helpOption(false)
    .allowUnknownOption()
    .argument("[flags...]");
  addCommands({ program, terminal, end });
  program
    .command("version")
    .summary("print versions")
    .description("Prints the version of this program, of the API it speaks, and of Node.")
    .action(() => {
      terminal.out(
        `quorate ${quorateVersion()}\netcd API ${ETCD_VERSION}\nNode.js ${process.version.slice(1)}\n`,
      );
    });
  pointToHelp(program);
  return program;
}

/** Whoever misspells an option is shown the way to the help of the command it was meant for. */
function pointToHelp(command: Command, above: readonly string[] = []): void {
  const words = [...above, command.name()];
  command.showHelpAfterError(`Try: ${words.join(" ")} --help`);
  for (const inner of command.commands) pointToHelp(inner, words);
}

/** In the order in which the help shows them. */
function addCommands(cli: Cli): void {
  const { program, terminal, end } = cli;
  addInitCommand(cli);
  addKeyCommands(program, terminal);
  addTxnCommand(cli);
  addWatchCommand(cli);
  addLeaseCommands(cli);
  addLockCommand(cli);
  addElectCommand(cli);
  addStatusCommand(program, terminal, end);
  addExplainCommand(cli);
  addTopCommand(cli);
  addMemberCommands(cli);
  addUserCommands(cli);
  addRoleCommands(cli);
  addAuthCommands(cli);
  addSnapshotCommands(cli);
  addLogCommands(cli);
  addUnsafeRecoverCommand(cli);
  addMaintenanceCommands(cli);
  addCheckCommand(cli);
  addSimCommands(cli);
  addCompletionCommand(cli);
}

/** commander's "error: unknown option '--x'" as a sentence. */
function asSentence(text: string): string {
  const words = text
    .trim()
    .replace(/^error: /, "")
    .replaceAll("\n", " ");
  const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return `${/[.)?]$/.test(sentence) ? sentence : `${sentence}.`}\n`;
}
