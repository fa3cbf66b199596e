import { ConfigError } from "./config-error.ts";
import { FLAGS, flagNamed, IGNORED_FLAGS, REFUSED_FLAGS } from "./flags.ts";
import type { Given, GivenValue, Source } from "./given.ts";

/** What stands on the command line of `quorate serve`. */
export interface CommandLine extends Source {
  readonly configFile: string | undefined;
  readonly wants: "serve" | "help" | "version";
}

const CONFIG_FILE_FLAGS: readonly string[] = ["config-file", "config"];

/**
 * Reads flags as etcd's own command line does: one or two dashes, `--flag=value` or `--flag value`; a boolean flag
 * takes its value only after `=`.
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const settings = new Map<string, Given>();
  const ignored: string[] = [];
  let configFile: string | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    const [, name, , inline] = /^--?([a-zA-Z0-9][\w-]*)(=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) {
      throw new ConfigError(`"${word}" is not a flag; quorate serve takes flags only.`);
    }
    if (name === "h" || name === "help") return { settings, ignored, configFile, wants: "help" };
    if (name === "version") return { settings, ignored, configFile, wants: "version" };
    const known = flagNamed(name);
    checkRefused(name, inline, `--${name}`);
    const isBoolean = known?.kind === "boolean" || IGNORED_FLAGS.get(name) === true;
    const isRefused = REFUSED_FLAGS.has(name);
    if (
      known === undefined &&
      !isRefused &&
      !IGNORED_FLAGS.has(name) &&
      !CONFIG_FILE_FLAGS.includes(name)
    ) {
      throw new ConfigError(`There is no flag --${name}.${suggestion(name)}`);
    }
    let value: GivenValue;
    if (inline !== undefined) value = inline;
    else if (isBoolean || isRefused) value = true;
    else {
      at += 1;
      const next = args[at];
      if (next === undefined) throw new ConfigError(`--${name} needs a value.`);
      value = next;
    }
    if (CONFIG_FILE_FLAGS.includes(name)) configFile = String(value);
    else if (known === undefined) {
      if (!isRefused) ignored.push(name);
    } else settings.set(known.name, { value, where: `--${name}` });
  }
  return { settings, ignored, configFile, wants: "serve" };
}

/** Throws for a setting that would have to do something we cannot do; empty or false it asks for nothing. */
export function checkRefused(name: string, value: unknown, where: string): void {
  const instead = REFUSED_FLAGS.get(name);
  if (instead === undefined || value === "" || String(value) === "false") return;
  throw new ConfigError(`${where} does not exist here. ${instead}`);
}

/** The nearest flag, when one is near enough to be meant. */
function suggestion(name: string): string {
  let best: string | undefined;
  let bestDistance = 4;
  for (const { name: candidate } of FLAGS) {
    const distance = editDistance(name, candidate);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best === undefined ? " See quorate serve --help." : ` Did you mean --${best}?`;
}

/** Insertions, deletions and replacements that turn one word into the other. */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
