import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { constants, Script } from "node:vm";
import type { ExitCode } from "./exit-code.ts";

/** What the bundle exports: `serve-here.ts`. */
export interface Bundle {
  serveHere(args: readonly string[]): Promise<ExitCode>;
}

const FILE = "serve.cjs";
const INPUTS = "inputs.json";
/** V8's compiled code. V8 itself refuses what another version made. */
const COMPILED = "serve.compiled";

/**
 * Everything that a member runs, from one file of the build; nothing where there is none, or where it was made from
 * other sources than those that are there.
 */
export function loadBundle(folder: string): Bundle | undefined {
  if (!isOfThisBuild(folder)) return undefined;
  const script = compile(folder, readOrNothing(join(folder, COMPILED)));
  return script === undefined ? undefined : run(script, folder);
}

/**
 * Makes the code that the next starts need not compile: what V8 compiled while `work` ran the bundle. For the build;
 * a bundle without it works as well.
 */
export async function keepCompiled(
  folder: string,
  work: (bundle: Bundle) => Promise<unknown>,
): Promise<void> {
  const script = compile(folder, undefined);
  if (script === undefined) return;
  await work(run(script, folder));
  writeFileSync(join(folder, COMPILED), script.createCachedData());
}

function compile(folder: string, cachedData: Buffer | undefined): Script | undefined {
  const filename = join(folder, FILE);
  const source = readOrNothing(filename)?.toString("utf8");
  if (source === undefined) return undefined;
  return new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename,
    cachedData,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

function run(script: Script, folder: string): Bundle {
  const file = join(folder, FILE);
  const module = { exports: {} as Bundle };
  script.runInThisContext()(module.exports, createRequire(file), module, file, folder);
  return module.exports;
}

/** Whether every input that is still there is what the bundle was made from. An image for production has none of them. */
function isOfThisBuild(folder: string): boolean {
  const stamp = readOrNothing(join(folder, INPUTS));
  if (stamp === undefined) return false;
  const digests = JSON.parse(stamp.toString("utf8")) as Readonly<Record<string, string>>;
  return Object.entries(digests).every(([path, digest]) => {
    const content = readOrNothing(join(folder, path));
    return content === undefined || sha256(content) === digest;
  });
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function readOrNothing(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
