/** Bundles `packages/sim` of the tree at `root`, with the packages it stands on, into `outFile`. */
export function bundle(root: string, outFile: string): Promise<void>;
