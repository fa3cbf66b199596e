import type { OutputFormat } from "./print.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** One answer in each of its forms. */
export interface Shown {
  readonly json: unknown;
  table(): string;
  plain(): string;
}

export function show(terminal: Terminal, output: OutputFormat, shown: Shown): void {
  switch (output) {
    case "json":
      terminal.out(`${JSON.stringify(shown.json)}\n`);
      return;
    case "table":
      terminal.out(shown.table());
      return;
    case "plain":
      terminal.out(shown.plain());
  }
}

/** An answer that is a list: a table also where nothing special was asked for. */
export function showTable(
  terminal: Terminal,
  output: OutputFormat,
  json: unknown,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const text = (): string => table(headings, rows);
  show(terminal, output, { json, table: text, plain: text });
}

/** An answer that is one sentence for people and an object for programs. */
export function say(
  terminal: Terminal,
  output: OutputFormat,
  sentence: string,
  json: unknown,
): void {
  const text = (): string => `${sentence}\n`;
  show(terminal, output, { json, table: text, plain: text });
}
