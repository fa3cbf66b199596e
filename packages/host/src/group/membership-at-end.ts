import type { Membership, MembershipChange } from "@quorate/core";
import { changeMembership, decodeMembershipChange } from "@quorate/core";
import type { LogStore } from "../log/log-store.ts";
import type { Companion } from "../session/companion.ts";

/** Bytes of log read at a time while looking for changes of membership. */
const READ_BYTES = 4 << 20;

/** The membership when everything in the log counts, committed or not. */
export async function membershipAtEnd(
  log: LogStore,
  { position, membership }: Pick<Companion, "position" | "membership">,
): Promise<Membership> {
  const end = log.lastIndex + 1;
  let current = membership;
  for (let low = position.index + 1; low < end; ) {
    const entries = await log.read(low, end, READ_BYTES);
    for (const entry of entries) {
      const change =
        entry.kind === "membership" ? decodeMembershipChange(entry.payload) : undefined;
      if (change !== undefined) current = carriedOut(current, change);
    }
    low += Math.max(1, entries.length);
  }
  return current;
}

/** A change that cannot be carried out changes nothing, as when it is applied. */
export function carriedOut(membership: Membership, change: MembershipChange): Membership {
  const changed = changeMembership(membership, change);
  return changed.ok ? changed.membership : membership;
}
