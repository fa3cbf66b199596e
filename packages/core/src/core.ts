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
import type { Accepted, Proposed, RaftCore, Refused, Stepped } from "./raft-core.ts";
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

const NO_EFFECTS: Effects = Object.freeze({
  send: Object.freeze([]),
  append: undefined,
  apply: undefined,
  reads: Object.freeze([]),
  role: undefined,
});

/**
 * The outside of a member: turns calls into steps of the rules, and stops for good when an
 * invariant breaks or anything throws, because nobody knows what state that leaves behind.
 */
export class Core implements RaftCore {
  readonly #raft: Raft;
  readonly #handover: Handover;
  readonly #watch = new InvariantWatch();
  #busy = false;
  #stopped: InvariantViolation | undefined;

  constructor(raft: Raft) {
    this.#raft = raft;
    this.#handover = new Handover(raft);
    this.#watch.check(raft);
  }

  /** Writes handed out and not acknowledged, oldest first. Not part of the contract. */
  get pendingAppends(): readonly PendingAppend[] {
    return this.#handover.pendingAppends;
  }
  /** Applies handed out and not acknowledged, oldest first. Not part of the contract. */
  get pendingApplies(): readonly PendingApply[] {
    return this.#handover.pendingApplies;
  }

  tick(): void {
    if (!this.#enter()) return;
    try {
      tick(this.#raft);
      this.#watch.check(this.#raft);
    } catch (error) {
      this.#stop(error);
    } finally {
      this.#busy = false;
    }
  }

  step(message: PeerMessage): Stepped {
    if (!this.#enter()) return STOPPED_STEP;
    try {
      const stepped = stepFromPeer(this.#raft, message);
      this.#watch.check(this.#raft);
      return stepped;
    } catch (error) {
      this.#stop(error);
      return STOPPED_STEP;
    } finally {
      this.#busy = false;
    }
  }

  propose(entries: readonly ProposedEntry[]): Proposed {
    if (!this.#enter()) return this.#refused();
    try {
      const proposed = propose(this.#raft, entries);
      this.#watch.check(this.#raft);
      return proposed;
    } catch (error) {
      this.#stop(error);
      return this.#refused();
    } finally {
      this.#busy = false;
    }
  }

  proposeMembership(change: MembershipChange): Proposed {
    const fault = changeFault(change, MEMBER_STEPS_MAX);
    if (fault !== undefined) throw new RangeError(`membership change: ${fault}`);
    const payload = encodeMembershipChange(change);
    return this.propose([{ kind: "membership", payload }]);
  }

  readIndex(requestId: number, mode?: ReadMode): Accepted {
    return this.#call<Accepted>(
      () => requestRead(this.#raft, requestId, mode ?? this.#raft.options.readMode),
      () => this.#refused(),
    );
  }

  campaign(): void {
    this.#run(() => startElection(this.#raft, "requested"));
  }

  transferLeadership(to: MemberId): Accepted {
    return this.#call<Accepted>(
      () => requestTransfer(this.#raft, to),
      () => this.#refused(),
    );
  }

  forgetLeader(): void {
    this.#run(() => forgetLeader(this.#raft));
  }

  hasEffects(): boolean {
    return this.#stopped === undefined && this.#handover.hasEffects;
  }

  takeEffects(): Effects {
    if (!this.#enter()) return NO_EFFECTS;
    try {
      const effects = this.#handover.takeEffects();
      this.#watch.check(this.#raft);
      return effects;
    } catch (error) {
      this.#stop(error);
      return NO_EFFECTS;
    } finally {
      this.#busy = false;
    }
  }

  appendDone(id: number): void {
    if (!this.#enter()) return;
    try {
      this.#handover.appendDone(id);
      this.#watch.check(this.#raft);
    } catch (error) {
      this.#stop(error);
    } finally {
      this.#busy = false;
    }
  }

  applyDone(id: number): void {
    if (!this.#enter()) return;
    try {
      this.#handover.applyDone(id);
      this.#watch.check(this.#raft);
    } catch (error) {
      this.#stop(error);
    } finally {
      this.#busy = false;
    }
  }

  applyMembership(entry: Entry): Membership {
    this.#run(() => {
      applyChange(this.#raft, entry);
    });
    return this.#raft.membership.applied;
  }

  entriesLoaded(member: MemberId): void {
    this.#run(() => {
      if (member === this.#raft.id) {
        this.#handover.applyLoaded();
        return;
      }
      const progress = this.#raft.tracker.find(member);
      if (progress === undefined || !progress.loading) return;
      progress.loaded();
      while (maybeSendAppend(this.#raft, progress, false));
    });
  }

  snapshotReady(): void {
    this.#run(() => broadcastMissing(this.#raft));
  }

  reportUnreachable(member: MemberId): void {
    this.#run(() => {
      const progress = this.#raft.tracker.find(member);
      if (progress !== undefined) markUnreachable(this.#raft, progress);
    });
  }

  reportSnapshot(member: MemberId, delivered: boolean): void {
    this.#run(() => {
      const progress = this.#raft.tracker.find(member);
      if (progress !== undefined) snapshotReported(this.#raft, progress, delivered);
    });
  }

  status(): CoreStatus {
    return statusOf(this.#raft, this.#stopped?.message);
  }

  checkInvariants(): void {
    if (this.#stopped !== undefined) throw this.#stopped;
    this.#watch.check(this.#raft);
    checkThoroughly(this.#raft);
  }

  #refused(): Refused {
    return { ok: false, reason: "stopped", leader: this.#raft.standing.leader };
  }

  #run(call: () => void): void {
    this.#call(call, () => undefined);
  }

  #call<T>(call: () => T, whenStopped: () => T): T {
    if (!this.#enter()) return whenStopped();
    try {
      const result = call();
      this.#watch.check(this.#raft);
      return result;
    } catch (error) {
      this.#stop(error);
      return whenStopped();
    } finally {
      this.#busy = false;
    }
  }

  /** Returns false when the core has stopped. A call from inside a call would see half a transition. */
  #enter(): boolean {
    if (this.#stopped !== undefined) return false;
    if (this.#busy) throw new Error("the core was called from inside one of its own calls");
    this.#busy = true;
    return true;
  }

  #stop(error: unknown): void {
    const violation =
      error instanceof InvariantViolation
        ? error
        : new InvariantViolation(INVARIANTS.noException, String(error));
    this.#stopped = violation;
    const { id, standing } = this.#raft;
    try {
      this.#raft.decide?.({
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
