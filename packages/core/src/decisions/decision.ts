import type { MemberId } from "../types.ts";

/** Every choice the core makes, as data. The kinds are listed beside the rule they report. */
export type Decision = { readonly type: "created"; readonly id: MemberId };

export type DecisionListener = (decision: Decision) => void;
