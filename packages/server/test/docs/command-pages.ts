import type { Command } from "commander";
import { EXIT_MEANINGS } from "../../src/cli/exit-code.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { PROCESS_TERMINAL } from "../../src/cli/terminal.ts";

const INTRODUCTION = `# The quorate command

One command for people and scripts. \`quorate serve\` runs a member of a cluster (its settings are in
[configuration.md](configuration.md)); all others talk to a cluster. Every command has \`--help\`; this page is made from
the commands themselves and checked against them: after a change, \`npx vitest run packages/server/test/docs -u\` writes it
anew.

## For scripts

- \`--output json\` gives one JSON value, or one per line where a command goes on (\`watch\`, \`top\`, \`lease keep-alive\`).
  \`--output table\` gives columns. Keys and values are text; those that are not UTF-8 are \`keyBase64\` and \`valueBase64\`.
- What a command prints on standard output is its answer; what went wrong is one sentence on standard error.
- Every option that all commands share has a variable in the environment, which the option itself beats.

| Exit code | Meaning |
|---|---|
${Object.entries(EXIT_MEANINGS)
  .map(([code, meaning]) => `| ${code} | ${meaning} |`)
  .join("\n")}
`;

/** docs/cli.md. */
export function cliPage(): string {
  const program = buildProgram({ ...PROCESS_TERMINAL, variables: {} }, () => {});
  const shared = `## Options of all commands\n\n${optionTable(program)}\n`;
  const sections = commandsOf(program).map((command) => section(command));
  return `${INTRODUCTION}\n${shared}\n${sections.join("\n")}`;
}

/** Every command that can be run, in the order of the help. */
export function commandsOf(command: Command): readonly Command[] {
  return command.commands
    .filter((one) => one.name() !== "help")
    .flatMap((one) => (one.commands.length > 0 ? commandsOf(one) : [one]));
}

export function wordsOf(command: Command): string {
  const { parent } = command;
  return parent === null ? command.name() : `${wordsOf(parent)} ${command.name()}`;
}

function section(command: Command): string {
  const options = command.options.length > 0 ? `\n${optionTable(command)}\n` : "";
  return `## ${wordsOf(command)}\n\n\`${wordsOf(command)} ${command.usage()}\`\n\n${command.description()}\n${options}`;
}

function optionTable(command: Command): string {
  const rows = command.options.map(({ flags, description, defaultValue }) => {
    const fallback = defaultValue === undefined ? "" : ` Default: \`${String(defaultValue)}\`.`;
    return `| \`${flags.replaceAll("|", "\\|")}\` | ${description}.${fallback} |`;
  });
  return ["| Option | Meaning |", "|---|---|", ...rows].join("\n");
}
