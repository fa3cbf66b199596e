import { Command, CommanderError, Option } from "commander";
import { ETCD_VERSION, quorateVersion } from "../version.ts";
import { addConnectionOptions } from "./connection.ts";
import { EXIT, type ExitCode, exitCodeOf, sentenceOf } from "./exit-code.ts";
import { addKeyCommands } from "./key-commands.ts";
import { OUTPUT_FORMATS } from "./print.ts";
import { addStatusCommand } from "./status-command.ts";
import type { Terminal } from "./terminal.ts";

/** Runs a member until it is told to stop; resolves with the exit code. */
export type Serve = (args: readonly string[], terminal: Terminal) => Promise<ExitCode>;

const EXIT_CODES = `
Exit codes:
  0  done
  1  the cluster refused, or the server could not go on
  2  wrong command line or configuration; nothing was started or sent
  3  no endpoint could be reached or answered in time; nothing was changed
  4  a write got no answer: it may have happened or not
`;

/** Runs `quorate` with the words after its name. */
export async function run(
  args: readonly string[],
  terminal: Terminal,
  serve: Serve,
): Promise<ExitCode> {
  // A member's settings are etcd's flags with etcd's rules, which are not commander's.
  if (args[0] === "serve") return serve(args.slice(1), terminal);
  let code: ExitCode = EXIT.ok;
  const program = buildProgram(terminal, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    terminal.error(`${sentenceOf(error)}\n`);
    return exitCodeOf(error);
  }
}

function buildProgram(terminal: Terminal, end: (code: ExitCode) => void): Command {
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
    .addHelpText("after", EXIT_CODES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.error(text),
      outputError: (text, write) => write(asSentence(text)),
    })
    .showHelpAfterError("Try: quorate --help");
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
  addKeyCommands(program, terminal);
  addStatusCommand(program, terminal, end);
  program
    .command("version")
    .summary("print versions")
    .description("Prints the version of this program, of the API it speaks, and of Node.")
    .action(() => {
      terminal.out(
        `quorate ${quorateVersion()}\netcd API ${ETCD_VERSION}\nNode.js ${process.version.slice(1)}\n`,
      );
    });
  return program;
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
