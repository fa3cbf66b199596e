import type { MemberId } from "@quorate/core";
import type { Action } from "@quorate/sim";
import { perform } from "../studio/studio.ts";

/** Does several things at one moment of the virtual clock. */
export function performAll(actions: readonly Action[]): void {
  for (const action of actions) perform(action);
}

/** One action that leaves exactly these directions cut in addition to what is. */
export function cutWires(links: readonly (readonly [MemberId, MemberId])[]): readonly Action[] {
  return links.map(([from, to]) => ({ type: "cut", from, to }));
}

/** Everything that this member says or hears is lost, or one of both. */
export function cutsAround(
  member: MemberId,
  others: readonly MemberId[],
  way: "both" | "hears" | "isHeard",
): readonly Action[] {
  return others.flatMap((other): Action[] => [
    ...(way === "isHeard" ? [] : [{ type: "cut" as const, from: other, to: member }]),
    ...(way === "hears" ? [] : [{ type: "cut" as const, from: member, to: other }]),
  ]);
}
