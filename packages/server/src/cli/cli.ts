import type { Command } from "commander";
import type { ConnectionOptions } from "./connection.ts";
import type { ExitCode } from "./exit-code.ts";
import type { OutputFormat } from "./print.ts";
import type { Terminal } from "./terminal.ts";

/** What every group of commands is added with. */
export interface Cli {
  readonly program: Command;
  readonly terminal: Terminal;
  /** Ends the process with this code once the command is done, although nothing failed. */
  end(code: ExitCode | number): void;
}

/** Options that come with every command that talks to a cluster. */
export type CommonOptions = ConnectionOptions & { readonly output: OutputFormat };

/** The lines below a command's options in its help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}
