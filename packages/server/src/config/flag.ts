/** How a setting's text is read. `urls` and `list` are separated by commas. */
export type FlagKind =
  | "string"
  | "boolean"
  | "integer"
  | "milliseconds"
  | "duration"
  | "urls"
  | "list";

/** One setting of a member, under the name it has as a flag, in the configuration file, and in the environment. */
export interface Flag {
  readonly name: string;
  readonly kind: FlagKind;
  readonly group: FlagGroup;
  /** As `--help` shows it; empty for none. */
  readonly fallback: string;
  readonly help: string;
  /** Older or longer names of the same setting. */
  readonly aliases: readonly string[];
}

export type FlagGroup =
  | "Member"
  | "Clustering"
  | "Security"
  | "Limits"
  | "History"
  | "Monitoring and logging";

export const FLAG_GROUPS: readonly FlagGroup[] = [
  "Member",
  "Clustering",
  "Security",
  "Limits",
  "History",
  "Monitoring and logging",
];

/** One line of a list of settings. */
export function flag(
  group: FlagGroup,
  name: string,
  kind: FlagKind,
  fallback: string,
  help: string,
  aliases: readonly string[] = [],
): Flag {
  return { name, kind, group, fallback, help, aliases };
}
