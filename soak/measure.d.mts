/** Types of `measure.mjs` for tests. */
export interface Sample {
  readonly memoryMb: number;
  readonly diskMb: number;
  readonly files: number;
}

export declare class Course {
  constructor(pidOf: () => number | undefined, dataDir: string);
  readonly samples: Sample[];
  look(): void;
  readonly last: Sample | undefined;
  peaks(what: keyof Sample): { readonly middle: number; readonly end: number };
}

export declare function keepsWithin(
  peaks: { readonly middle: number; readonly end: number },
  max: number,
  growthMax: number,
): { readonly belowMax: boolean; readonly steady: boolean };
