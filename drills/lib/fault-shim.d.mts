/** The faults of one process. Give `env` to the process; `set` and `clear` work while it runs. */
export class FaultyDisk {
  readonly env: Readonly<Record<string, string>>;
  constructor(folder: string, name: string);
  set(...rules: string[]): void;
  clear(): void;
}
