import type { LogPosition } from "@quorate/core";

/** Where the results of one entry's commands go. */
export interface EntryPlan {
  readonly position: LogPosition;
  /** First sequence when the entry came from this member's own session, 0 otherwise. */
  readonly ownFirst: number;
  readonly count: number;
  /** Place of the first command's result. */
  readonly start: number;
  /** Per item, when it is more than one command after the other. */
  readonly items: readonly ItemPlan[] | undefined;
}

export type ItemPlan =
  | {
      readonly type: "result";
      readonly place: number;
      readonly sessionId: number;
      readonly sequence: number;
    }
  | { readonly type: "stored"; readonly result: Uint8Array }
  | { readonly type: "value"; readonly value: number | boolean }
  | { readonly type: "expired" }
  | { readonly type: "void" };

/** The plans of `count` plain commands whose results begin at `start`. */
export function resultsFrom(start: number, count: number): ItemPlan[] {
  const items: ItemPlan[] = [];
  for (let place = 0; place < count; place++) {
    items.push({ type: "result", place: start + place, sessionId: 0, sequence: 0 });
  }
  return items;
}
