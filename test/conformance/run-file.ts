import { type Directive, parseFile } from "./data-driven.ts";
import { Environment } from "./environment.ts";
import { MembershipHarness } from "./membership-harness.ts";
import { QuorumHarness } from "./quorum-harness.ts";

export interface Result {
  readonly directive: Directive;
  readonly actual: string;
  readonly passed: boolean;
}

/** Begins the output of a directive that threw. */
const FAILED = "failed: ";

interface Harness {
  run(directive: Directive): string;
}

/** Which kind of test a file holds shows in its first command. */
function harnessFor(first: Directive | undefined): Harness {
  switch (first?.command) {
    case "simple":
    case "enter-joint":
    case "leave-joint":
      return new MembershipHarness();
    case "committed":
    case "vote":
      return new QuorumHarness();
    default:
      return new Environment();
  }
}

/** Runs all directives of one file in one environment. An exception fails its directive and all that follow. */
export function runFile(text: string): Result[] {
  const directives = parseFile(text);
  const harness = harnessFor(directives[0]);
  let broken: string | undefined;
  return directives.map((directive) => {
    let actual = broken ?? "";
    if (broken === undefined) {
      try {
        actual =
          directive.fault === undefined
            ? harness.run(directive)
            : `the directive cannot be read: ${directive.fault}`;
      } catch (error) {
        broken = `${FAILED}${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
        actual = broken;
      }
    }
    if (actual !== "" && !actual.endsWith("\n")) actual += "\n";
    return { directive, actual, passed: actual === directive.expected };
  });
}

/** The same file with what was printed instead of what was expected. */
export function rewriteFile(text: string): string {
  const lines = text.split("\n");
  const results = runFile(text);
  const parts: string[] = [];
  let at = 0;
  for (const { directive, actual } of results) {
    if (actual.startsWith(FAILED)) throw new Error(`line ${directive.line}: ${actual}`);
    let end = directive.line - 1;
    while (end < lines.length && lines[end] !== "----") end++;
    if (end === lines.length) throw new Error(`line ${directive.line}: no separator`);
    parts.push(...lines.slice(at, end + 1), ...actual.split("\n").slice(0, -1));
    at = end + 1;
    while (at < lines.length && (lines[at] ?? "").trim() !== "") at++;
  }
  return [...parts, ...lines.slice(at)].join("\n");
}

/** Expected and actual lines side by side, those that differ marked. */
export function renderDifference(expected: string, actual: string): string {
  const want = expected.split("\n").slice(0, -1);
  const got = actual.split("\n").slice(0, -1);
  // Longest common subsequence: outputs are short, so the plain table is enough.
  const table = Array.from({ length: want.length + 1 }, () => new Uint16Array(got.length + 1));
  const cell = (row: number, column: number): number => table[row]?.[column] ?? 0;
  for (let row = want.length - 1; row >= 0; row--) {
    for (let column = got.length - 1; column >= 0; column--) {
      const line = table[row] as Uint16Array;
      line[column] =
        want[row] === got[column]
          ? cell(row + 1, column + 1) + 1
          : Math.max(cell(row + 1, column), cell(row, column + 1));
    }
  }
  const out: string[] = [];
  let row = 0;
  let column = 0;
  while (row < want.length || column < got.length) {
    if (row < want.length && column < got.length && want[row] === got[column]) {
      out.push(`   ${want[row++]}`);
      column++;
    } else if (
      row < want.length &&
      (column === got.length || cell(row + 1, column) >= cell(row, column + 1))
    ) {
      out.push(` - ${want[row++]}`);
    } else out.push(` + ${got[column++]}`);
  }
  return out.join("\n");
}
