import { checkRefused } from "./command-line.ts";
import { FLAGS, flagNamed, IGNORED_FLAGS, REFUSED_FLAGS } from "./flags.ts";
import type { Given, Source } from "./given.ts";

/** Our own prefix wins over etcd's. */
const PREFIXES: readonly string[] = ["ETCD_", "QUORATE_"];

/** What the environment sets, and the variables with our prefixes that mean nothing. */
export interface EnvironmentSource extends Source {
  readonly unknown: readonly string[];
}

export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): EnvironmentSource {
  const settings = new Map<string, Given>();
  const ignored: string[] = [];
  const unknown: string[] = [];
  for (const prefix of PREFIXES) {
    for (const [variable, value] of Object.entries(variables)) {
      if (!variable.startsWith(prefix) || value === undefined || value === "") continue;
      if (variable === `${prefix}CONFIG_FILE`) continue;
      const name = variable.slice(prefix.length).toLowerCase().replaceAll("_", "-");
      const known = flagNamed(name);
      if (known !== undefined) settings.set(known.name, { value, where: variable });
      else if (REFUSED_FLAGS.has(name)) checkRefused(name, value, variable);
      else if (IGNORED_FLAGS.has(name)) ignored.push(variable);
      else unknown.push(variable);
    }
  }
  return { settings, ignored, unknown };
}

/** The configuration file that the environment names. */
export function configFileOf(
  variables: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return variables["QUORATE_CONFIG_FILE"] || variables["ETCD_CONFIG_FILE"] || undefined;
}

/** The variable that sets a flag, for help texts. */
export function variableOf(name: string): string {
  return `QUORATE_${name.toUpperCase().replaceAll("-", "_")}`;
}

/** For documentation: every variable that acts. */
export const VARIABLES: readonly string[] = FLAGS.map(({ name }) => variableOf(name));
