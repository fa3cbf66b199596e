import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepCompiled, loadBundle } from "../../src/cli/bundle.ts";

/** A bundle as the build makes it, of almost nothing; its answer tells which one ran. */
const source = (answer: number): string =>
  `const path = require("node:path"); exports.serveHere = async (args) => ${answer} + args.length + path.sep.length;`;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("the bundle that members start from", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "quorate-bundle-test-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function put(name: string, content: string): void {
    writeFileSync(join(folder, name), content);
  }

  function bundle(answer: number, inputs: Readonly<Record<string, string>>): void {
    put("serve.cjs", source(answer));
    put("inputs.json", JSON.stringify(inputs));
  }

  it("runs when it was made from what is there", async () => {
    put("sources", "these");
    bundle(40, { sources: sha256("these") });
    expect(await loadBundle(folder)?.serveHere(["one"])).toBe(42);
  });

  it("is left alone when it was made from other sources", () => {
    put("sources", "those");
    bundle(40, { sources: sha256("these") });
    expect(loadBundle(folder)).toBeUndefined();
  });

  it("runs where the sources were not brought along", async () => {
    bundle(40, { "../elsewhere/sources": sha256("these") });
    expect(await loadBundle(folder)?.serveHere([])).toBe(41);
  });

  it("is not needed", () => {
    expect(loadBundle(folder)).toBeUndefined();
    put("inputs.json", "{}");
    expect(loadBundle(folder)).toBeUndefined();
  });

  it("takes compiled code from an earlier start, and does without what is damaged", async () => {
    bundle(40, {});
    await keepCompiled(folder, ({ serveHere }) => serveHere([]));
    const compiled = readFileSync(join(folder, "serve.compiled"));
    expect(compiled.length).toBeGreaterThan(0);
    expect(await loadBundle(folder)?.serveHere([])).toBe(41);
    for (const damaged of [compiled.subarray(0, compiled.length >> 1), Buffer.from("nothing")]) {
      writeFileSync(join(folder, "serve.compiled"), damaged);
      expect(await loadBundle(folder)?.serveHere([])).toBe(41);
    }
  });
});
