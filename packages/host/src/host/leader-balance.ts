import type { MemberId } from "@quorate/core";
import type { GroupId } from "../transport/transport.ts";

/** What the balance needs to know of a group. */
export interface LedGroup {
  readonly groupId: GroupId;
  /** 0 for nobody. */
  readonly leader: MemberId;
  /** Voters that could take the lead over now; empty where `leader` is another host. */
  readonly successors: readonly MemberId[];
}

/** A hand-over that brings hosts closer to leading equally many groups. */
export interface HandOver {
  readonly groupId: GroupId;
  readonly to: MemberId;
}

/**
 * One hand-over away from `self`, if it leads at least two groups more than another host could take. Every host only
 * ever gives, one group at a time, so hosts that do this at the same time do not pass groups back and forth.
 */
export function chooseHandOver(self: MemberId, groups: readonly LedGroup[]): HandOver | undefined {
  const led = new Map<MemberId, number>();
  for (const { leader } of groups) led.set(leader, (led.get(leader) ?? 0) + 1);
  const own = led.get(self) ?? 0;
  let best: HandOver | undefined;
  let bestLed = own - 1;
  for (const { groupId, leader, successors } of groups) {
    if (leader !== self) continue;
    for (const to of successors) {
      const leads = led.get(to) ?? 0;
      if (leads >= bestLed) continue;
      best = { groupId, to };
      bestLed = leads;
    }
  }
  return best;
}
