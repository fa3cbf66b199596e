import { InvariantViolation, type MemberId, type PeerMessage, type RaftCore } from "@quorate/core";
import type { ClusterLedger } from "./cluster-ledger.ts";

/** Lets a core check its own invariants, and reports what it finds. */
export function checkCore(core: RaftCore, member: MemberId, ledger: ClusterLedger): void {
  try {
    core.checkInvariants();
  } catch (error) {
    if (!(error instanceof InvariantViolation)) throw error;
    ledger.report(`core: ${error.invariant}`, `member ${member}: ${error.detail}`);
  }
}

/** A message without the bytes that it carries. */
export function shownMessage(message: PeerMessage): string {
  return JSON.stringify(message, (_key, value: unknown) =>
    value instanceof Uint8Array ? `${value.length} bytes` : value,
  );
}
