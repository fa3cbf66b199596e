import type { Effects } from "./effects.ts";
import type { Membership, MembershipChange } from "./membership/membership.ts";
import type { PeerMessage } from "./message.ts";
import type { ReadMode } from "./options.ts";
import type { CoreStatus } from "./status.ts";
import type { Entry, LogIndex, LogPosition, MemberId, ProposedEntry } from "./types.ts";

/** Why a call was refused. Nothing was appended or changed: the caller may try again elsewhere or later. */
export type RefusalReason =
  | "noLeader"
  | "notLeader"
  | "transferInProgress"
  | "notMember"
  | "quotaExceeded"
  | "leaseUnavailable"
  | "stopped";

export interface Refused {
  readonly ok: false;
  readonly reason: RefusalReason;
  /** Who leads, as far as this member knows; 0 for nobody. */
  readonly leader: MemberId;
}

/** Where a proposal landed, or `forwarded` when it was passed on and its fate is not known here. */
export type Proposed =
  | {
      readonly ok: true;
      readonly first: LogPosition;
      /** Membership changes among the proposal that were refused and replaced by an empty entry. */
      readonly refusedChanges: readonly RefusedChange[];
    }
  | { readonly ok: true; readonly forwarded: true; readonly leader: MemberId }
  | Refused;

export interface RefusedChange {
  /** Offset in the proposed array. */
  readonly offset: number;
  /** `invalid`: it cannot be carried out, for example because it would remove the last voter. */
  readonly reason: "changePending" | "mustLeaveJoint" | "notJoint" | "invalid";
  /** The pending change's index for `changePending`. */
  readonly pendingIndex: LogIndex;
}

export type Accepted = { readonly ok: true } | Refused;

export type Stepped =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: "unknownPeer" | "malformed" | "stopped" };

/**
 * One member of one Raft group, without clock, disk or network. Deterministic: the same options and the same calls
 * in the same order give the same effects. Input from peers never throws; a broken invariant stops the core, after
 * which every call is refused with `stopped` and `status().stopped` says why.
 */
export interface RaftCore {
  /** One unit of time has passed. */
  tick(): void;
  step(message: PeerMessage): Stepped;
  propose(entries: readonly ProposedEntry[]): Proposed;
  proposeMembership(change: MembershipChange): Proposed;
  /** Asks for a read index under the caller's id; the answer comes in `Effects.reads`, or never if leadership is lost. */
  readIndex(requestId: number, mode?: ReadMode): Accepted;
  campaign(): void;
  transferLeadership(to: MemberId): Accepted;
  /** A follower stops counting on its leader, so that it may vote or campaign at once. */
  forgetLeader(): void;

  hasEffects(): boolean;
  takeEffects(): Effects;
  /** The append work `id` is durable, with all works before it. */
  appendDone(id: number): void;
  /** The apply work `id` is applied, with all works before it. */
  applyDone(id: number): void;
  /** Puts a committed `membership` entry in force while it is being applied; returns what now holds. */
  applyMembership(entry: Entry): Membership;
  /** Entries that the log view called `loading` for this follower are now in memory. */
  entriesLoaded(member: MemberId): void;
  /** A snapshot that the log view called `building` exists now. */
  snapshotReady(): void;
  reportUnreachable(member: MemberId): void;
  reportSnapshot(member: MemberId, delivered: boolean): void;

  status(): CoreStatus;
  /** Throws `InvariantViolation`. Thorough: for tests and simulation after every call. */
  checkInvariants(): void;
}
