import type { ClusterSettings } from "../cluster/settings.ts";
import type { Action, MemberRef } from "../plan/action.ts";
import type { BothLanguages, Step } from "./scenario.ts";

export function say(en: string, zh: string): BothLanguages {
  return { en, zh };
}

export function named(name: string): MemberRef {
  return { named: name };
}

/** Election time-outs between 150 and 285 ms, as in the paper's examples. */
export const STORY_SETTINGS: Partial<ClusterSettings> = Object.freeze({ tickMs: 15 });

/** A story's usual beginning: somebody is elected. */
export const ELECTION: Step = {
  caption: say(
    "The members start as followers. The first whose election time-out passes asks for votes and wins.",
    "成员启动时都是跟随者。最先选举超时的成员请求投票并当选。",
  ),
  until: { type: "leads" },
};

/** A beginning before the first election: the members know each other, and nobody's time-out has passed. */
export const QUIET: Step = {
  caption: say("The members have just started. Nobody leads yet.", "成员刚刚启动，还没有领导者。"),
  forMs: 10,
};

/** Names the leader `old` and the others in order. */
export function nameOthers(...others: readonly string[]): Action {
  return { type: "nameAll", leader: "old", others };
}

export function write(
  client: number,
  key: string,
  value: string,
  member?: MemberRef,
  repeats?: boolean,
): Action {
  return { type: "ask", client, operation: { type: "write", key, value }, member, repeats };
}

export function read(client: number, key: string, member?: MemberRef, repeats?: boolean): Action {
  return { type: "ask", client, operation: { type: "read", key }, member, repeats };
}

/** Cuts everyone but these off from each other and from them. */
export function apart(...groups: readonly (readonly string[])[]): Action {
  return { type: "partition", groups: groups.map((group) => group.map(named)) };
}

/** Makes every link among the first members slower, or with 0 as fast as before. */
export function slowLinks(members: number, extraMs: number): Action[] {
  const ids = Array.from({ length: members }, (_, at) => at + 1);
  return ids.flatMap((from) =>
    ids.filter((to) => to !== from).map((to): Action => ({ type: "slowLink", from, to, extraMs })),
  );
}
