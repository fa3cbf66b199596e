import { existsSync, writeFileSync } from "node:fs";
import { ConfigError } from "../config/config-error.ts";
import { FLAG_GROUPS, type Flag } from "../config/flag.ts";
import { FLAGS } from "../config/flags.ts";
import { type Cli, examples } from "./cli.ts";
import { cannotWrite } from "./file-failure.ts";

interface InitFlags {
  readonly name?: string;
  readonly dataDir?: string;
  readonly force?: boolean;
}

const DEFAULT_PATH = "quorate.yaml";
const LINE_LENGTH = 100;

/** `init`: a configuration file to start from, with every setting explained. */
export function addInitCommand({ program, terminal }: Cli): void {
  program
    .command("init [path]")
    .summary("write a configuration file to start from")
    .description(
      `Writes a configuration file in which every setting is explained and has its default; - writes it to standard output. Without a path it is ${DEFAULT_PATH}. Nothing is overwritten without --force.`,
    )
    .option("--name <name>", "name of the member")
    .option("--data-dir <folder>", "folder of its data")
    .option("--force", "overwrite the file")
    .addHelpText(
      "after",
      examples(
        "quorate init",
        "quorate init --name n1 /etc/quorate/n1.yaml",
        "quorate serve --config quorate.yaml",
      ),
    )
    .action((path: string | undefined, flags: InitFlags) => {
      const file = path ?? DEFAULT_PATH;
      const text = configText({ name: flags.name, "data-dir": flags.dataDir });
      if (file === "-") {
        terminal.out(text);
        return;
      }
      if (flags.force !== true && existsSync(file)) {
        throw new ConfigError(`${file} exists already: name another file, or use --force.`);
      }
      try {
        writeFileSync(file, text);
      } catch (cause) {
        throw cannotWrite(file, cause);
      }
      terminal.out(`Wrote ${file}. Start the member with: quorate serve --config ${file}\n`);
    });
}

/** The file's text; `chosen` settings are set, all others stand there as comments with their defaults. */
export function configText(chosen: Readonly<Record<string, string | undefined>> = {}): string {
  const groups = FLAG_GROUPS.map((group) => {
    const settings = FLAGS.filter((flag) => flag.group === group).map((flag) =>
      settingText(flag, chosen[flag.name]),
    );
    return `# ${group}\n\n${settings.join("\n")}`;
  });
  return `# Settings of one member. Lines that begin with # have no effect: they show each setting's default.
# A flag of quorate serve and a variable QUORATE_… or ETCD_… in the environment come before this file.

${groups.join("\n")}`;
}

function settingText({ name, fallback, help, kind }: Flag, chosen: string | undefined): string {
  const comment = wrapped(help).map((line) => `# ${line}`);
  if (chosen !== undefined)
    return `${[...comment, `${name}: ${JSON.stringify(chosen)}`].join("\n")}\n`;
  // A default in words is no value.
  const isValue = fallback !== "" && !/[<\s]/.test(fallback);
  const isText = kind !== "boolean" && kind !== "integer" && kind !== "milliseconds";
  const value = isValue
    ? isText
      ? JSON.stringify(fallback)
      : fallback
    : fallback === ""
      ? '""'
      : `# ${fallback}`;
  return `${[...comment, `#${name}: ${value}`].join("\n")}\n`;
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LINE_LENGTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
