import { readFile, writeFile } from "node:fs/promises";
import {
  decodeRun,
  decodeStage,
  encodeRun,
  encodeStage,
  runFromFile,
  runToFile,
  type SharedRun,
  ShareError,
  type StagePlan,
  stageFromFile,
  stageToFile,
  testFileFor,
  testFileForStage,
} from "@quorate/sim";
import { ConfigError } from "../config/config-error.ts";
import { causeOf } from "../config/file-problem.ts";
import type { Terminal } from "./terminal.ts";

/** A run of either world, as it is given away. */
export type AnyRun =
  | { readonly world: "cores"; readonly run: SharedRun }
  | { readonly world: "nodes"; readonly plan: StagePlan };

export interface ShareFlags {
  readonly export?: string | undefined;
  readonly link?: boolean | undefined;
}

/** Reads the text of a link, or a file. */
export async function openRun(source: string): Promise<AnyRun> {
  try {
    const fragment = source.includes("#") ? source.slice(source.indexOf("#")) : source;
    if (/^#?q[0-9]+\./.test(fragment)) return { world: "cores", run: decodeRun(fragment) };
    if (/^#?n[0-9]+\./.test(fragment)) return { world: "nodes", plan: decodeStage(fragment) };
  } catch (error) {
    if (error instanceof ShareError) throw new ConfigError(`${sentence(error.message)}`);
    throw error;
  }
  return openFile(source);
}

async function openFile(path: string): Promise<AnyRun> {
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") {
      throw new ConfigError(`There is no file ${path}.`);
    }
    throw new ConfigError(`Cannot read the run in ${path}: ${causeOf(cause)}.`, { cause });
  }
  try {
    const plan = stageFromFile(content);
    return plan === undefined
      ? { world: "cores", run: runFromFile(content) }
      : { world: "nodes", plan };
  } catch (cause) {
    if (!(cause instanceof ShareError)) throw cause;
    throw new ConfigError(`Cannot read the run in ${path}: ${cause.message}.`, { cause });
  }
}

/** For the address of the playground. */
export function fragmentOf(any: AnyRun): string {
  return `#${any.world === "cores" ? encodeRun(any.run) : encodeStage(any.plan)}`;
}

/** A test that repeats the run. */
export function testOf(any: AnyRun): string {
  return any.world === "cores" ? testFileFor(any.run) : testFileForStage(any.plan);
}

/** Writes and prints a run where that was asked for. */
export async function share(
  terminal: Terminal,
  any: AnyRun,
  { export: file, link }: ShareFlags,
): Promise<void> {
  if (file !== undefined) {
    await writeFile(file, any.world === "cores" ? runToFile(any.run) : stageToFile(any.plan));
    terminal.error(`The run is in ${file}.\n`);
  }
  if (link === true) terminal.out(`${fragmentOf(any)}\n`);
}

export function positive(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new ConfigError(`${name} must be a number above 0, not "${text}".`);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
