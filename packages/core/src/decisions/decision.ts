import type { Membership } from "../membership/membership.ts";
import type { PeerMessageType } from "../message.ts";
import type { LogIndex, LogPosition, MemberId } from "../types.ts";
import type { ElectionDecision } from "./election-decision.ts";
import type { DecisionHeader } from "./header.ts";
import type { LogDecision } from "./log-decision.ts";
import type { MembershipDecision } from "./membership-decision.ts";
import type { ReadDecision } from "./read-decision.ts";
import type { ReplicationDecision } from "./replication-decision.ts";

/** The core exists; the last decision of its creation. */
export interface Created extends DecisionHeader {
  readonly type: "created";
  readonly membership: Membership;
  readonly commit: LogIndex;
  readonly applied: LogIndex;
  readonly last: LogPosition;
}
/** A message of a peer contradicts itself or the protocol and was dropped. */
export interface MessageMalformed extends DecisionHeader {
  readonly type: "messageMalformed";
  /** 0 when it names no member. */
  readonly from: MemberId;
  readonly message: PeerMessageType | "unknown";
  /** What is wrong with it, for people. */
  readonly detail: string;
}
/** An answer of somebody who is not a member was dropped. */
export interface PeerUnknown extends DecisionHeader {
  readonly type: "peerUnknown";
  readonly from: MemberId;
  readonly message: PeerMessageType;
}
/** An invariant is broken: from now on every call is refused. */
export interface Stopped extends DecisionHeader {
  readonly type: "stopped";
  readonly invariant: string;
  readonly detail: string;
}

/**
 * Every choice the core makes, as data, in the order it makes them. One event per choice, with the numbers that
 * decided it; the same event is a log line, a sentence, a step of the playground and a line of a trace.
 */
export type Decision =
  | Created
  | MessageMalformed
  | PeerUnknown
  | Stopped
  | ElectionDecision
  | ReplicationDecision
  | LogDecision
  | MembershipDecision
  | ReadDecision;

/** The name of a decision. */
export type DecisionType = Decision["type"];

/** Called synchronously inside the call that decided. It must not call the core. */
export type DecisionListener = (decision: Decision) => void;
