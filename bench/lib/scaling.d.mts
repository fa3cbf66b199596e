export type ThreadUse = readonly [name: string, seconds: number];
export interface Bound {
  readonly boundBy: string;
  readonly perSecond: number;
}
export function boundOf(threads: readonly ThreadUse[], cores: number): Bound;
export function boundApart(groups: readonly (readonly ThreadUse[])[], cores: number): Bound;
export function handOver(
  threads: readonly ThreadUse[],
  name: string,
  part: { readonly seconds: number; readonly hopSeconds: number; readonly workers: number },
): readonly ThreadUse[];
