/** One command of a test file, with what it must print. */
export interface Directive {
  readonly line: number;
  readonly command: string;
  readonly args: readonly Argument[];
  readonly input: string;
  readonly expected: string;
  /** Why the directive cannot be read; it fails with this text. */
  readonly fault: string | undefined;
}

/** A directive that groups others; it has neither input nor output. */
const SUBTEST = "subtest";

/** `key`, `key=value` or `key=(a, b)`; a key without values is a bare argument. */
export interface Argument {
  readonly key: string;
  readonly values: readonly string[];
}

/** Reads a test file: directives with input, a separator, and the expected output up to a blank line. */
export function parseFile(text: string): Directive[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const directives: Directive[] = [];
  let at = 0;
  while (at < lines.length) {
    let line = trim(lines[at] ?? "");
    const start = ++at;
    if (line === "" || line.startsWith("#")) continue;
    while (line.endsWith("\\") && at < lines.length) {
      line = `${line.slice(0, -1)} ${trim(lines[at] ?? "")}`;
      at++;
    }
    const parsed = parseDirective(line);
    if (parsed.command === SUBTEST) continue;
    const input: string[] = [];
    while (at < lines.length && lines[at] !== "----") input.push(lines[at++] ?? "");
    at++;
    const { expected, next, fault } = readExpected(lines, at);
    at = next;
    const read = { line: start, input: input.join("\n").trim(), expected };
    directives.push({ ...parsed, ...read, fault: parsed.fault ?? fault });
  }
  return directives;
}

/** Two separators in a row allow blank lines in the output, up to two separators again. */
function readExpected(
  lines: readonly string[],
  from: number,
): { expected: string; next: number; fault: string | undefined } {
  let at = from;
  let fault: string | undefined;
  const expected: string[] = [];
  if (lines[at] === "----") {
    at++;
    while (at < lines.length && !(lines[at] === "----" && lines[at + 1] === "----")) {
      expected.push(lines[at++] ?? "");
    }
    at += 2;
    if (at < lines.length && trim(lines[at] ?? "") !== "") {
      fault = `line ${at + 1}: a blank line must follow the end of the output`;
    }
    at++;
  } else {
    while (at < lines.length && trim(lines[at] ?? "") !== "") expected.push(lines[at++] ?? "");
    at++;
  }
  return { expected: expected.map((line) => `${line}\n`).join(""), next: at, fault };
}

function parseDirective(line: string): {
  command: string;
  args: readonly Argument[];
  fault: string | undefined;
} {
  const [command = ""] = line.split(" ", 1);
  try {
    return { command, args: parseArguments(line, command), fault: undefined };
  } catch (error) {
    return { command, args: [], fault: error instanceof Error ? error.message : String(error) };
  }
}

function parseArguments(line: string, command: string): readonly Argument[] {
  const args: Argument[] = [];
  let at = command.length;
  while (at < line.length) {
    if (line[at] === " ") {
      at++;
      continue;
    }
    const start = at;
    while (at < line.length && line[at] !== " " && line[at] !== "=") at++;
    const key = line.slice(start, at);
    if (key === "") throw new Error(`argument without a name in: ${line}`);
    if (line[at] !== "=") {
      args.push({ key, values: [] });
      continue;
    }
    at++;
    const end = line[at] === "(" ? closing(line, at) : valueEnd(line, at);
    const values = line[at] === "(" ? splitList(line.slice(at + 1, end)) : [line.slice(at, end)];
    args.push({ key, values });
    at = line[at] === "(" ? end + 1 : end;
  }
  return args;
}

function valueEnd(line: string, from: number): number {
  const space = line.indexOf(" ", from);
  return space === -1 ? line.length : space;
}

function closing(line: string, open: number): number {
  let depth = 0;
  for (let at = open; at < line.length; at++) {
    if (line[at] === "(") depth++;
    if (line[at] === ")" && --depth === 0) return at;
  }
  throw new Error(`unclosed list in: ${line}`);
}

function splitList(list: string): string[] {
  const values: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= list.length; at++) {
    if (list[at] === "(") depth++;
    if (list[at] === ")") depth--;
    if (at === list.length || (list[at] === "," && depth === 0)) {
      values.push(list.slice(start, at).replace(/^ +/, ""));
      start = at + 1;
    }
  }
  return values;
}

function trim(line: string): string {
  return line.replace(/^[ \t\r]+|[ \t\r]+$/g, "");
}
