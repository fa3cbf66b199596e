import { type CommandLine, readCommandLine } from "./command-line.ts";
import { readConfigFile } from "./config-file.ts";
import { configFileOf, readEnvironment } from "./environment.ts";
import type { GivenSettings, Source } from "./given.ts";
import { readSettings } from "./read-settings.ts";
import type { Settings } from "./settings.ts";

/** What `quorate serve` was asked to do. */
export type ServeRequest =
  | { readonly wants: "help" | "version" }
  | {
      readonly wants: "serve";
      readonly settings: Settings;
      /** What was actually given, for checks that depend on it. */
      readonly given: GivenSettings;
      /** One sentence each; said once the log is open. */
      readonly warnings: readonly string[];
    };

/** Puts flags before environment before file. Throws `ConfigError`. */
export function loadSettings(
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): ServeRequest {
  const line: CommandLine = readCommandLine(args);
  if (line.wants !== "serve") return { wants: line.wants };
  const path = line.configFile ?? configFileOf(variables);
  const file: Source =
    path === undefined ? { settings: new Map(), ignored: [] } : readConfigFile(path);
  const environment = readEnvironment(variables);
  const given = new Map([...file.settings, ...environment.settings, ...line.settings]);
  const warnings: string[] = [];
  const ignored = [
    ...line.ignored.map((name) => `--${name}`),
    ...environment.ignored,
    ...file.ignored,
  ];
  if (ignored.length > 0) {
    warnings.push(
      `these settings of etcd are accepted and have no effect here: ${ignored.join(", ")}`,
    );
  }
  if (environment.unknown.length > 0) {
    warnings.push(`unrecognized environment variables: ${environment.unknown.join(", ")}`);
  }
  return { wants: "serve", settings: readSettings(given), given, warnings };
}
