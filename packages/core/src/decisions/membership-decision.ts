import type { Membership, MembershipChange } from "../membership/membership.ts";
import type { RefusalReason } from "../raft-core.ts";
import type { LogIndex } from "../types.ts";
import type { DecisionHeader } from "./header.ts";

/** A membership is in force from now on: at start, by an applied change, or from a snapshot. */
export interface MembershipSwitched extends DecisionHeader {
  readonly type: "membershipSwitched";
  readonly membership: Membership;
}
/** A proposed change was replaced by an empty entry. */
export interface MembershipChangeRefused extends DecisionHeader {
  readonly type: "membershipChangeRefused";
  readonly change: MembershipChange;
  readonly membership: Membership;
  readonly reason: "changePending" | "mustLeaveJoint" | "notJoint" | "invalid";
  /** Where the pending change stands, or may stand, for `changePending`. */
  readonly pendingIndex: LogIndex;
  readonly applied: LogIndex;
  /** What is wrong with it for `invalid`, else empty. */
  readonly detail: string;
}
/** A committed change could not be carried out and changes nothing; the same on every member. */
export interface MembershipChangeVoid extends DecisionHeader {
  readonly type: "membershipChangeVoid";
  readonly index: LogIndex;
  readonly membership: Membership;
  readonly detail: string;
}
/** The leader ends the joint state by itself. */
export interface AutoLeaveProposed extends DecisionHeader {
  readonly type: "autoLeaveProposed";
  readonly membership: Membership;
  readonly index: LogIndex;
}
export interface AutoLeaveRefused extends DecisionHeader {
  readonly type: "autoLeaveRefused";
  readonly membership: Membership;
  readonly reason: RefusalReason;
}
/** A leader that is no voter any more gives up leadership. */
export interface RemovedLeaderSteppedDown extends DecisionHeader {
  readonly type: "removedLeaderSteppedDown";
  readonly membership: Membership;
}

/** Decisions about who belongs to the group. Source: Raft dissertation §4. */
export type MembershipDecision =
  | MembershipSwitched
  | MembershipChangeRefused
  | MembershipChangeVoid
  | AutoLeaveProposed
  | AutoLeaveRefused
  | RemovedLeaderSteppedDown;
