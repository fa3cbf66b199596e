import type { Decision, DecisionType } from "@quorate/core";
import type { Telling } from "../explanation.ts";

/** Every decision by its type. */
export type DecisionByType = { readonly [D in Decision as D["type"]]: D };

/** How decisions of the types `T` are told: a type without its telling does not compile. */
export type DecisionTellings<T extends DecisionType> = {
  readonly [K in T]: Telling<DecisionByType[K]>;
};
