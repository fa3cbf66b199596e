import type { Effects } from "./effects.ts";
import { startElection } from "./election/campaign.ts";
import { forgetLeader } from "./election/forget-leader.ts";
import { requestTransfer } from "./election/leadership-transfer.ts";
import { InvariantViolation } from "./invariants/invariant.ts";
import { INVARIANTS } from "./invariants/names.ts";
import { checkThoroughly } from "./invariants/thorough.ts";
import { InvariantWatch } from "./invariants/watch.ts";
import { applyChange } from "./membership/apply-change.ts";
import { changeFault } from "./membership/check.ts";
import { encodeMembershipChange, MEMBER_STEPS_MAX } from "./membership/codec.ts";
import type { Membership, MembershipChange } from "./membership/membership.ts";
import type { PeerMessage } from "./message.ts";
import type { ReadMode } from "./options.ts";
import type { Raft } from "./raft.ts";
import type {
  Accepted,
  MembershipApplied,
  Proposed,
  RaftCore,
  Refused,
  Stepped,
} from "./raft-core.ts";
import { requestRead } from "./reads/read-index.ts";
import { markUnreachable } from "./replication/append-answers.ts";
import { propose } from "./replication/propose.ts";
import { broadcastMissing, maybeSendAppend } from "./replication/send-append.ts";
import { snapshotReported } from "./replication/send-snapshot.ts";
import type { CoreStatus } from "./status.ts";
import { statusOf } from "./status-of.ts";
import { Handover } from "./step/handover.ts";
import type { PendingAppend, PendingApply } from "./step/pending-work.ts";
import { stepFromPeer } from "./step/step.ts";
import { tick } from "./step/tick.ts";
import type { Entry, MemberId, ProposedEntry } from "./types.ts";

const STOPPED_STEP: Stepped = Object.freeze({ ok: false, reason: "stopped" });

const STOPPED_CHANGE: MembershipApplied = Object.freeze({ ok: false, reason: "stopped" });

const NO_EFFECTS: Effects = Object.freeze({
  send: Object.freeze([]),
  append: undefined,
  apply: undefined,
  reads: Object.freeze([]),
  role: undefined,
});

/** What a call works on. */
interface Member {
  readonly raft: Raft;
  readonly handover: Handover;
}

/**
 * The outside of a member: turns calls into steps of the rules, and stops for good when an
 * invariant breaks or anything throws, because nobody knows what state that leaves behind.
 */
export class Core implements RaftCore {
  readonly #member: Member;
  readonly #watch = new InvariantWatch();
  #busy = false;
  #stopped: InvariantViolation | undefined;

  constructor(raft: Raft) {
    this.#member = { raft, handover: new Handover(raft) };
    this.#watch.check(raft);
  }

  /** Writes handed out and not acknowledged, oldest first. Not part of the contract. */
  get pendingAppends(): readonly PendingAppend[] {
    return this.#member.handover.pendingAppends;
  }
  /** Applies handed out and not acknowledged, oldest first. Not part of the contract. */
  get pendingApplies(): readonly PendingApply[] {
    return this.#member.handover.pendingApplies;
  }

  tick(): void {
    this.#call(ticked, undefined);
  }

  step(message: PeerMessage): Stepped {
    return this.#call(stepped, message) ?? STOPPED_STEP;
  }

  propose(entries: readonly ProposedEntry[]): Proposed {
    return this.#call(proposed, entries) ?? this.#refused();
  }

  proposeMembership(change: MembershipChange): Proposed {
    const fault = changeFault(change, MEMBER_STEPS_MAX);
    if (fault !== undefined) throw new RangeError(`membership change: ${fault}`);
    const payload = encodeMembershipChange(change);
    return this.propose([{ kind: "membership", payload }]);
  }

  readIndex(requestId: number, mode?: ReadMode): Accepted {
    const read = ({ raft }: Member, id: number): Accepted =>
      requestRead(raft, id, mode ?? raft.options.readMode);
    return this.#call(read, requestId) ?? this.#refused();
  }

  campaign(): void {
    this.#call(campaigned, undefined);
  }

  transferLeadership(to: MemberId): Accepted {
    return this.#call(transferred, to) ?? this.#refused();
  }

  forgetLeader(): void {
    this.#call(forgotten, undefined);
  }

  hasEffects(): boolean {
    return this.#stopped === undefined && this.#member.handover.hasEffects;
  }

  takeEffects(): Effects {
    return this.#call(taken, undefined) ?? NO_EFFECTS;
  }

  appendDone(id: number): void {
    this.#call(appended, id);
  }

  applyDone(id: number): void {
    this.#call(applied, id);
  }

  applyMembership(entry: Entry): MembershipApplied {
    const membership = this.#call(changed, entry);
    return membership === undefined ? STOPPED_CHANGE : { ok: true, membership };
  }

  entriesLoaded(member: MemberId): void {
    this.#call(loaded, member);
  }

  snapshotReady(): void {
    this.#call(snapshotMade, undefined);
  }

  reportUnreachable(member: MemberId): void {
    this.#call(unreachable, member);
  }

  reportSnapshot(member: MemberId, delivered: boolean): void {
    this.#call(delivered ? snapshotDelivered : snapshotLost, member);
  }

  status(): CoreStatus {
    return statusOf(this.#member.raft, this.#stopped?.message);
  }

  checkInvariants(): void {
    if (this.#stopped !== undefined) throw this.#stopped;
    this.#watch.check(this.#member.raft);
    checkThoroughly(this.#member.raft);
  }

  #refused(): Refused {
    return { ok: false, reason: "stopped", leader: this.#member.raft.standing.leader };
  }

  /**
   * Every call passes here. Returns undefined when the core has stopped, or stops now. The calls are functions with one
   * input instead of closures: most of them run for every message.
   */
  #call<I, T>(call: (member: Member, input: I) => T, input: I): T | undefined {
    if (this.#stopped !== undefined) return undefined;
    // A call from inside a call would see half a transition.
    if (this.#busy) throw new Error("the core was called from inside one of its own calls");
    this.#busy = true;
    try {
      const result = call(this.#member, input);
      this.#watch.check(this.#member.raft);
      return result;
    } catch (error) {
      this.#stop(error);
      return undefined;
    } finally {
      this.#busy = false;
    }
  }

  #stop(error: unknown): void {
    const violation =
      error instanceof InvariantViolation
        ? error
        : new InvariantViolation(INVARIANTS.noException, String(error));
    this.#stopped = violation;
    const { id, standing, decide } = this.#member.raft;
    try {
      decide?.({
        type: "stopped",
        id,
        term: standing.term,
        invariant: violation.invariant,
        detail: violation.detail,
      });
    } catch {
      // A listener that throws has nobody left to tell.
    }
  }
}

function ticked({ raft }: Member): void {
  tick(raft);
}
function stepped({ raft }: Member, message: PeerMessage): Stepped {
  return stepFromPeer(raft, message);
}
function proposed({ raft }: Member, entries: readonly ProposedEntry[]): Proposed {
  return propose(raft, entries);
}
function campaigned({ raft }: Member): void {
  startElection(raft, "requested");
}
function transferred({ raft }: Member, to: MemberId): Accepted {
  return requestTransfer(raft, to);
}
function forgotten({ raft }: Member): void {
  forgetLeader(raft);
}
function taken({ handover }: Member): Effects {
  return handover.takeEffects();
}
function appended({ handover }: Member, id: number): void {
  handover.appendDone(id);
}
function applied({ handover }: Member, id: number): void {
  handover.applyDone(id);
}
function changed({ raft }: Member, entry: Entry): Membership {
  return applyChange(raft, entry);
}
function loaded({ raft, handover }: Member, reader: MemberId): void {
  if (reader === raft.id) {
    handover.applyLoaded();
    return;
  }
  const progress = raft.tracker.find(reader);
  if (progress === undefined || !progress.loading) return;
  progress.loaded();
  while (maybeSendAppend(raft, progress, false));
}
function snapshotMade({ raft }: Member): void {
  broadcastMissing(raft);
}
function unreachable({ raft }: Member, to: MemberId): void {
  const progress = raft.tracker.find(to);
  if (progress !== undefined) markUnreachable(raft, progress);
}
function snapshotDelivered({ raft }: Member, to: MemberId): void {
  const progress = raft.tracker.find(to);
  if (progress !== undefined) snapshotReported(raft, progress, true);
}
function snapshotLost({ raft }: Member, to: MemberId): void {
  const progress = raft.tracker.find(to);
  if (progress !== undefined) snapshotReported(raft, progress, false);
}
