import type { Telling } from "../explanation.ts";

/** How the facts of one group are told: a fact without its telling does not compile. */
export type FactTellings<Facts> = { readonly [C in keyof Facts]: Telling<Facts[C]> };
