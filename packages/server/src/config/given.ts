/** Where a value was found, as an error names it: `--name`, `ETCD_NAME`, `name in quorate.yaml`. */
export interface Given {
  readonly value: GivenValue;
  readonly where: string;
}

export type GivenValue = string | number | boolean | readonly string[];

/** Values by the setting's own name. */
export type GivenSettings = ReadonlyMap<string, Given>;

/** What one source of settings has: values, and names of etcd's settings that have no effect here. */
export interface Source {
  readonly settings: GivenSettings;
  readonly ignored: readonly string[];
}

/** How an error names a setting: where it was given, or as the flag it could be given with. */
export function nameOf(given: GivenSettings, name: string): string {
  return given.get(name)?.where ?? `--${name}`;
}
