import type { Entry } from "@quorate/core";
import type { MemoryLog } from "./memory-log.ts";
import { PromiseBroken } from "./simulated-member.ts";

/** Raft's log matching: two logs that agree at an index agree before it. */
export function compareLogs(left: MemoryLog, right: MemoryLog): void {
  const low = Math.max(left.firstIndex, right.firstIndex);
  let agreed = false;
  for (let index = Math.min(left.lastIndex, right.lastIndex); index >= low; index--) {
    const [one] = left.entries(index, index + 1, 0) as readonly Entry[];
    const [other] = right.entries(index, index + 1, 0) as readonly Entry[];
    if (one === undefined || other === undefined) throw new PromiseBroken(`no entry ${index}`);
    if (one.term === other.term) {
      agreed = true;
      if (!sameEntry(one, other)) throw new PromiseBroken(`log matching at ${index}`);
    } else if (agreed) throw new PromiseBroken(`log matching before ${index + 1}`);
  }
}

export function sameEntry(left: Entry, right: Entry): boolean {
  return (
    left.term === right.term &&
    left.index === right.index &&
    left.kind === right.kind &&
    left.payload.length === right.payload.length &&
    left.payload.every((byte, at) => byte === right.payload[at])
  );
}
