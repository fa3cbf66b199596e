import type { MemberId, Term } from "../types.ts";

/** Every decision names the member that made it and its term at that moment. */
export interface DecisionHeader {
  readonly id: MemberId;
  readonly term: Term;
}
