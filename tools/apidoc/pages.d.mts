/** One exported name; one of another package has `from`. */
export interface ExportedSymbol {
  readonly name: string;
  readonly kind: string;
  readonly doc: string;
  readonly code: string;
  readonly file: string;
  readonly from: string | undefined;
}

export const PACKAGES: readonly string[];

export function entriesOf(
  root: string,
  name: string,
): readonly { readonly specifier: string; readonly symbols: readonly ExportedSymbol[] }[];

export function apiPage(root: string, name: string): string;
