import type { Effects } from "./effects.ts";
import type { Membership, MembershipChange } from "./membership/membership.ts";
import type { PeerMessage } from "./message.ts";
import type { ReadMode } from "./options.ts";
import type { CoreStatus } from "./status.ts";
import type { Entry, LogIndex, LogPosition, MemberId, ProposedEntry } from "./types.ts";

/**
 * Why a call was refused. Nothing was appended or changed: the caller may try again elsewhere or later.
 *
 * - `noLeader`: nobody is known to lead; `notLeader`: somebody else does, and forwarding is off.
 * - `transferInProgress`: leadership is being handed over; it takes an election time-out at most.
 * - `notMember`: this leader was removed, or the target of a transfer is no voter.
 * - `quotaExceeded`: too many bytes wait to be committed and applied, or too many reads to be confirmed.
 * - `leaseUnavailable`: leases are not what this group is set up for.
 * - `stopped`: an invariant is broken, see `status().stopped`.
 */
export type RefusalReason =
  | "noLeader"
  | "notLeader"
  | "transferInProgress"
  | "notMember"
  | "quotaExceeded"
  | "leaseUnavailable"
  | "stopped";

/** A call that did nothing: why, and who leads as far as is known, 0 for nobody. */
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

/** A membership change in a batch of proposals that was refused: its place in the batch, and why. */
export interface RefusedChange {
  /** Offset in the proposed array. */
  readonly offset: number;
  /** `invalid`: it cannot be carried out, for example because it would remove the last voter. */
  readonly reason: "changePending" | "mustLeaveJoint" | "notJoint" | "invalid";
  /** The pending change's index for `changePending`. */
  readonly pendingIndex: LogIndex;
}

/** The answer to a call that can be refused: done, or why not. */
export type Accepted = { readonly ok: true } | Refused;

/** `stopped`: the change was not put in force, and nothing after it may be applied. */
export type MembershipApplied =
  | { readonly ok: true; readonly membership: Membership }
  | { readonly ok: false; readonly reason: "stopped" };

/** What became of a message that was stepped: taken, or dropped with a reason. Input from a peer never throws. */
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
  /** A message from another member; the worst it can do is to be dropped. */
  step(message: PeerMessage): Stepped;
  /** All or nothing, except that refused membership changes among the entries become empty ones. */
  propose(entries: readonly ProposedEntry[]): Proposed;
  /** @throws RangeError when the change names no members; whether it can be carried out is told in the answer. */
  proposeMembership(change: MembershipChange): Proposed;
  /** Asks for a read index under the caller's id; the answer comes in `Effects.reads`, or never if leadership is lost. */
  readIndex(requestId: number, mode?: ReadMode): Accepted;
  /** Asks for an election now. Refused, with a decision that says why, where it could not be won or would break a lease. */
  campaign(): void;
  /** Accepted also when `to` leads already, or the transfer to it runs. A follower passes it on to its leader. */
  transferLeadership(to: MemberId): Accepted;
  /** A follower stops counting on its leader, so that it may vote or campaign at once. */
  forgetLeader(): void;

  hasEffects(): boolean;
  /** Everything to do now, in the order of the rules on `Effects`. Taking nothing is possible and harmless. */
  takeEffects(): Effects;
  /** The append work `id` is durable, with all works before it. */
  appendDone(id: number): void;
  /** The apply work `id` is applied, with all works before it. */
  applyDone(id: number): void;
  /**
   * Puts a committed `membership` entry in force while it is being applied, once and in order; tells what the changes up
   * to it lead to. Where a snapshot that holds the change came in meanwhile, the snapshot's membership stays in force. When
   * it says `stopped`, the caller ends its turn there: what follows was decided by a membership that is not in force.
   */
  applyMembership(entry: Entry): MembershipApplied;
  /** Entries that the log view called `loading` for this reader are now in memory. */
  entriesLoaded(member: MemberId): void;
  /** A snapshot that the log view called `building` exists now. */
  snapshotReady(): void;
  /** The connection broke: what was sent last is probably lost. Once per break is enough. */
  reportUnreachable(member: MemberId): void;
  /** The snapshot that was announced to this member has arrived there, or never will. */
  reportSnapshot(member: MemberId, delivered: boolean): void;

  status(): CoreStatus;
  /** Throws `InvariantViolation`. Thorough: for tests and simulation after every call. */
  checkInvariants(): void;
}
