import { Argument, type Command } from "commander";
import { FLAGS } from "../config/flags.ts";
import type { Cli } from "./cli.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

/** `completion`: scripts that teach a shell the commands and options. They are made from the commands themselves. */
export function addCompletionCommand({ program, terminal }: Cli): void {
  program
    .command("completion")
    .summary("print a completion script for a shell")
    .description("Prints a script that lets the shell complete commands and options.")
    .addArgument(new Argument("<shell>", "which shell").choices(SHELLS))
    .addHelpText(
      "after",
      `
Where it goes:
  bash   quorate completion bash > /etc/bash_completion.d/quorate
  zsh    quorate completion zsh > "\${fpath[1]}/_quorate"
  fish   quorate completion fish > ~/.config/fish/completions/quorate.fish
`,
    )
    .action((shell: Shell) => terminal.out(completionScript(program, shell)));
}

/** A command by the words that lead to it, with what can follow. */
interface Place {
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly {
    readonly name: string;
    readonly summary: string;
    readonly takesValue: boolean;
  }[];
}

export function completionScript(program: Command, shell: Shell): string {
  const places = placesOf(program, []);
  switch (shell) {
    case "bash":
      return bash(places);
    case "zsh":
      return `#compdef quorate\nautoload -U +X bashcompinit && bashcompinit\n${bash(places)}`;
    case "fish":
      return fish(places);
  }
}

function placesOf(command: Command, words: readonly string[]): readonly Place[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const place: Place = {
    path: words.join(" "),
    commands: commands.map((one) => ({
      name: one.name(),
      summary: one.summary() || one.description(),
    })),
    options:
      words.join(" ") === "serve"
        ? serveOptions()
        : [
            ...help.visibleOptions(command),
            ...(words.length === 0 ? [] : rootOf(command).options),
          ].map((option) => ({
            name: option.long ?? option.short ?? "",
            summary: option.description,
            takesValue: option.required || option.optional,
          })),
  };
  const below = command.commands.flatMap((one) => placesOf(one, [...words, one.name()]));
  return [place, ...below];
}

/** A member's settings are not commander's. */
function serveOptions(): Place["options"] {
  return FLAGS.map(({ name, help, kind }) => {
    return { name: `--${name}`, summary: help, takesValue: kind !== "boolean" };
  });
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

function bash(places: readonly Place[]): string {
  const cases = places.map(({ path, commands, options }) => {
    const words = [...commands.map(({ name }) => name), ...options.map(({ name }) => name)];
    return `    "${path}") words="${words.join(" ")}" ;;`;
  });
  const known = places.filter(({ path }) => path !== "").map(({ path }) => `"${path}"`);
  return `_quorate() {
  local path="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${known.join("|")}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _quorate quorate
`;
}

function fish(places: readonly Place[]): string {
  const quoted = (text: string): string =>
    `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = places.flatMap(({ path, commands, options }) => {
    const words = path === "" ? [] : path.split(" ");
    const below = commands.map(({ name }) => name).join(" ");
    const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`);
    const notYet = below === "" ? [] : [`not __fish_seen_subcommand_from ${below}`];
    const condition = [...seen, ...notYet].join("; and ");
    const when = condition === "" ? "" : ` -n ${quoted(condition)}`;
    return [
      ...commands.map(
        ({ name, summary }) => `complete -c quorate -f${when} -a ${name} -d ${quoted(summary)}`,
      ),
      ...options.map(
        ({ name, summary, takesValue }) =>
          `complete -c quorate${when} -l ${name.replace(/^--/, "")}${takesValue ? " -r" : ""} -d ${quoted(summary)}`,
      ),
    ];
  });
  return `${[...new Set(lines)].join("\n")}\n`;
}
