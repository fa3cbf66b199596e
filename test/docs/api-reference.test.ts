import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { exportedSymbols } from "../../tools/apidoc/declarations.mjs";
import { apiPage, entriesOf, PACKAGES } from "../../tools/apidoc/pages.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

// The pages are made from what the compiler emits, so what it emits has to be new.
beforeAll(() => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-b"], { cwd: root });
  expect(status, String(stdout)).toBe(0);
}, 180_000);

describe("the API reference", () => {
  test.each(PACKAGES)("every exported name of %s has a docstring", (name) => {
    const bare = entriesOf(root, name).flatMap(({ specifier, symbols }) =>
      symbols
        .filter(({ from, doc }) => from === undefined && doc === "")
        .map((symbol) => `${specifier}: ${symbol.name}`),
    );
    expect(bare).toEqual([]);
  });

  test.each(PACKAGES)("docs/api/%s.md is new; if not: npm run docs:api", (name) => {
    const page = readFileSync(join(root, "docs", "api", `${name}.md`), "utf8");
    expect(page === apiPage(root, name), "npm run docs:api writes it anew").toBe(true);
  });

  test("the reader sees every kind of export, follows other files, and leaves out what is internal", () => {
    const folder = mkdtempSync(join(tmpdir(), "quorate-apidoc-"));
    try {
      const inner = [
        "/** A class.",
        " * In two lines. */",
        "export declare class Thing {",
        "    #private;",
        "    /** @internal */",
        "    constructor(secret: number);",
        "    /** @internal Also this,",
        "     * and more. */",
        "    hidden(options: {",
        "        readonly a: number;",
        "    }): void;",
        "    /** Shown. */",
        "    seen(): void;",
        "}",
        "export interface Bare {",
        "    readonly a: number;",
        "}",
        "/** @internal */",
        "export declare function secret(): void;",
        "/** Not exported by the entry. */",
        "export declare const ELSEWHERE: 1;",
      ];
      const entry = [
        'export { Thing, type Bare as Renamed } from "./inner.js";',
        'export type { Other } from "elsewhere";',
        "/** A type. */",
        "export type Name = string;",
      ];
      writeFileSync(join(folder, "inner.d.ts"), inner.join("\n"));
      writeFileSync(join(folder, "index.d.ts"), entry.join("\n"));
      const found = exportedSymbols(join(folder, "index.d.ts"));
      expect(found.map(({ name, kind, doc, from }) => [name, kind, doc, from])).toEqual([
        ["Name", "type", "A type.", undefined],
        ["Other", "external", "", "elsewhere"],
        ["Renamed", "interface", "", undefined],
        ["Thing", "class", "A class.\nIn two lines.", undefined],
      ]);
      expect(found[3]?.code).toBe("export class Thing {\n    /** Shown. */\n    seen(): void;\n}");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
