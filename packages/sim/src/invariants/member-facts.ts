import type { HardState, LogIndex, MemberId, Membership } from "@quorate/core";
import type { LogPrints } from "./prints.ts";

/** What the ledgers may look at of a member: facts outside its core, which the core cannot embellish. */
export interface MemberFacts {
  readonly id: MemberId;
  /** The log as the core has it, whether durable or not. */
  readonly prints: LogPrints;
  /** The log that a power loss would leave. */
  readonly durablePrints: LogPrints;
  readonly durableHardState: HardState;
  /** What the machine has applied. */
  readonly applied: LogIndex;
  /** In force at the member. */
  readonly membership: Membership;
  /** It lost its disk once: promises made before do not bind it any more. */
  readonly wasWiped: boolean;
  /** What its disk held before it lost it: acknowledgements of that may still be on their way, and were right. */
  readonly lostPrints?: LogPrints | undefined;
}

export type Report = (invariant: string, message: string) => void;
