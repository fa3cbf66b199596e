import type { ExportedSymbol } from "./pages.mjs";

/** Every name that an emitted `.d.ts` exports, in the order of their names. */
export function exportedSymbols(file: string): readonly ExportedSymbol[];
