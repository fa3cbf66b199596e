/** Types of `fuzz-target.mjs` for tests. */
export interface FuzzRun {
  readonly inputs: number;
  readonly outcomes: readonly (readonly [outcome: string, count: number])[];
  /** Code bytes; missing when the run was ended from outside. */
  readonly covered?: { readonly reached: number; readonly all: number };
  readonly problem?: { readonly number: number; readonly text: string } | undefined;
}

export declare function fuzzTarget(options: {
  readonly path: string;
  readonly name: string;
  readonly seed: number;
  readonly cpuMs: number;
  readonly inputsMax: number;
  readonly only?: number | undefined;
  readonly hangCpuMs?: number | undefined;
}): Promise<FuzzRun>;
