import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { buildProgram } from "../../src/cli/program.ts";
import { PROCESS_TERMINAL } from "../../src/cli/terminal.ts";
import { cliPage, commandsOf, wordsOf } from "./command-pages.ts";
import { configurationPage } from "./configuration-page.ts";

const page = (name: string): string =>
  fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url));

test("docs/cli.md is what the commands say", async () => {
  await expect(cliPage()).toMatchFileSnapshot(page("cli.md"));
});

test("docs/configuration.md is what the settings say", async () => {
  await expect(configurationPage()).toMatchFileSnapshot(page("configuration.md"));
});

test("every command says what it does, and the page of compatibility names only commands that exist", () => {
  const program = buildProgram({ ...PROCESS_TERMINAL, variables: {} }, () => {});
  const commands = commandsOf(program);
  for (const command of commands) {
    expect(command.summary(), wordsOf(command)).not.toBe("");
    expect(command.description(), wordsOf(command)).toMatch(/\.$/);
  }
  const known = commands.map(wordsOf);
  const groups = program.commands.map(wordsOf);
  const text = readFileSync(page("etcd-compatibility.md"), "utf8");
  for (const [, words = ""] of text.matchAll(/`(quorate [a-z-]+(?: [a-z-]+)?)/g)) {
    const isKnown = [...known, ...groups].some(
      (one) => words === one || words.startsWith(`${one} `),
    );
    expect(isKnown, words).toBe(true);
  }
});
