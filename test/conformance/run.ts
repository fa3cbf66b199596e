import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderDifference, rewriteFile, runFile } from "./run-file.ts";

/** All test files in a folder and below it, in order; a file stands for itself. */
export function testFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => {
      const inside = join(path, name);
      if (statSync(inside).isDirectory()) return testFiles(inside);
      return name.endsWith(".txt") ? [inside] : [];
    });
}

/** Runs every file, prints what differs, and returns the exit code. */
export function main(args: readonly string[]): number {
  const rewrite = args.includes("--rewrite");
  const paths = args.filter((arg) => !arg.startsWith("-"));
  const unknown = args.find((arg) => arg.startsWith("-") && arg !== "--rewrite");
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) {
    console.error(`There is no file or folder ${missing}.`);
    return 2;
  }
  if (paths.length === 0 || unknown !== undefined) {
    const isHelp = unknown === "--help" || unknown === "-h";
    (isHelp ? console.log : console.error)(
      "npm run conformance -- [--rewrite] <folder or file>…    runs data-driven tests; --rewrite stores what came out",
    );
    return isHelp ? 0 : 2;
  }
  let passed = 0;
  let failed = 0;
  let files = 0;
  for (const file of paths.flatMap(testFiles)) {
    files++;
    const text = readFileSync(file, "utf8");
    if (rewrite) writeFileSync(file, rewriteFile(text));
    for (const result of runFile(rewrite ? readFileSync(file, "utf8") : text)) {
      if (result.passed) {
        passed++;
        continue;
      }
      failed++;
      const { directive, actual } = result;
      const words = directive.args.map(({ key, values }) =>
        values.length === 0 ? key : `${key}=(${values.join(",")})`,
      );
      console.log(`${file}:${directive.line}: ${[directive.command, ...words].join(" ")}`);
      console.log(renderDifference(directive.expected, actual));
    }
  }
  console.log(`${files} files, every directive a check:`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && files > 0 ? 0 : 1;
}
