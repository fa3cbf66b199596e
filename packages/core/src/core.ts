import type { AppendWork, ApplyWork, Effects, RoleChange } from "./effects.ts";
import { startElection } from "./election/campaign.ts";
import { forgetLeader } from "./election/forget-leader.ts";
import { requestTransfer } from "./election/leadership-transfer.ts";
import { InvariantViolation, violated } from "./invariants/invariant.ts";
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
import { broadcastHeartbeat } from "./replication/heartbeat.ts";
import { propose } from "./replication/propose.ts";
import { broadcastMissing, maybeSendAppend } from "./replication/send-append.ts";
import { snapshotReported } from "./replication/send-snapshot.ts";
import type { CoreStatus } from "./status.ts";
import { statusOf } from "./status-of.ts";
import { appendDurable, entriesApplied } from "./step/acknowledge.ts";
import type { PendingAppend, PendingApply } from "./step/pending-work.ts";
import { stepFromPeer } from "./step/step.ts";
import { tick } from "./step/tick.ts";
import type { Entry, HardState, MemberId, ProposedEntry, Role, Term } from "./types.ts";

const STOPPED_STEP: Stepped = Object.freeze({ ok: false, reason: "stopped" });

const NO_EFFECTS: Effects = Object.freeze({
  send: Object.freeze([]),
  append: undefined,
  apply: undefined,
  reads: Object.freeze([]),
  role: undefined,
});

/**
 * The outside of a member: turns calls into steps of the rules, collects what they want done, and stops for good when an
 * invariant breaks or anything throws, because nobody knows what state that leaves behind.
 */
export class Core implements RaftCore {
  readonly #raft: Raft;
  readonly #watch = new InvariantWatch();
  #busy = false;
  #stopped: InvariantViolation | undefined;

  #appendId = 0;
  #applyId = 0;
  /** Works handed out and not acknowledged, oldest first. */
  readonly #appends: PendingAppend[] = [];
  readonly #applies: PendingApply[] = [];
  #applyLoading = false;

  // What the last batches told, to tell only changes.
  #hardState: HardState;
  #role: Role;
  #leader: MemberId;
  #term: Term;

  constructor(raft: Raft) {
    const { term, vote, role, leader } = raft.standing;
    this.#raft = raft;
    this.#hardState = { term, vote, commit: raft.log.commit };
    this.#role = role;
    this.#leader = leader;
    this.#term = term;
    this.#watch.check(raft);
  }

  /** Writes handed out and not acknowledged, oldest first. Not part of the contract. */
  get pendingAppends(): readonly PendingAppend[] {
    return this.#appends;
  }
  /** Applies handed out and not acknowledged, oldest first. Not part of the contract. */
  get pendingApplies(): readonly PendingApply[] {
    return this.#applies;
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
    if (this.#stopped !== undefined) return false;
    const { log, outbox, reads } = this.#raft;
    return (
      !outbox.isEmpty ||
      log.hasUnwritten ||
      reads.roundWanted ||
      (log.hasAppliable && !this.#applyLoading) ||
      this.#roleChanged() ||
      this.#hardStateChanged()
    );
  }

  takeEffects(): Effects {
    if (!this.#enter()) return NO_EFFECTS;
    try {
      const effects = this.#takeEffects();
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
      if (id > this.#appendId) violated(INVARIANTS.knownWork, `append ${id}`);
      for (let work = this.#appends[0]; work !== undefined && work.id <= id; ) {
        this.#appends.shift();
        appendDurable(this.#raft, work);
        work = this.#appends[0];
      }
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
      if (id > this.#applyId) violated(INVARIANTS.knownWork, `apply ${id}`);
      for (let work = this.#applies[0]; work !== undefined && work.id <= id; ) {
        this.#applies.shift();
        entriesApplied(this.#raft, work.entries, work.last, work.weight);
        work = this.#applies[0];
      }
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
    return this.#raft.membership.roster.membership;
  }

  entriesLoaded(member: MemberId): void {
    this.#run(() => {
      if (member === this.#raft.id) {
        this.#applyLoading = false;
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

  #takeEffects(): Effects {
    const raft = this.#raft;
    if (raft.reads.roundWanted) broadcastHeartbeat(raft);
    const append = this.#takeAppend();
    const apply = this.#takeApply();
    const { outbox } = raft;
    return {
      send: outbox.takeSend(),
      append,
      apply,
      reads: outbox.takeReads(),
      role: this.#takeRole(),
    };
  }

  #takeAppend(): AppendWork | undefined {
    const { log, outbox, standing, id: self } = this.#raft;
    const last = log.tailCount > 0 ? log.last : undefined;
    const entries = log.takeUnwritten();
    const installSnapshot = log.takeSnapshot();
    const messages = outbox.takeAfterDurable();
    const before = this.#hardState;
    const changed = this.#hardStateChanged();
    if (
      entries.length === 0 &&
      installSnapshot === undefined &&
      messages.length === 0 &&
      !changed
    ) {
      return undefined;
    }
    const { term, vote } = standing;
    if (changed) this.#hardState = { term, vote, commit: log.commit };
    const id = ++this.#appendId;
    this.#appends.push({ id, term, last, snapshot: installSnapshot, messages });
    return {
      id,
      hardState: changed ? this.#hardState : undefined,
      entries,
      installSnapshot,
      mustSync:
        entries.length > 0 ||
        installSnapshot !== undefined ||
        term !== before.term ||
        vote !== before.vote,
      afterDurable: toOthers(messages, self),
    };
  }

  #takeApply(): ApplyWork | undefined {
    const { log } = this.#raft;
    if (!log.hasAppliable || this.#applyLoading) {
      this.#reportApplyHeld();
      return undefined;
    }
    const first = log.applying + 1;
    const taken = log.takeAppliable();
    if (taken === "loading") {
      this.#applyLoading = true;
      return undefined;
    }
    const { entries, bytes, weight } = taken;
    const last = first + entries.length - 1;
    const id = ++this.#applyId;
    this.#applies.push({ id, entries, last, weight });
    this.#raft.decide?.({
      type: "applyHandedOut",
      id: this.#raft.id,
      term: this.#raft.standing.term,
      first,
      last,
      bytes,
    });
    return { id, entries, bytes };
  }

  #reportApplyHeld(): void {
    const { decide, log } = this.#raft;
    const reason = decide === undefined ? undefined : log.applyHeld;
    if (reason === undefined) return;
    decide?.({
      type: "applyHeld",
      id: this.#raft.id,
      term: this.#raft.standing.term,
      reason,
      applying: log.applying,
      commit: log.commit,
    });
  }

  #takeRole(): RoleChange | undefined {
    if (!this.#roleChanged()) return undefined;
    const { role, leader, term } = this.#raft.standing;
    this.#role = role;
    this.#leader = leader;
    this.#term = term;
    return { role, leader, term };
  }

  #roleChanged(): boolean {
    const { role, leader, term } = this.#raft.standing;
    return role !== this.#role || leader !== this.#leader || term !== this.#term;
  }

  #hardStateChanged(): boolean {
    const { term, vote } = this.#raft.standing;
    const before = this.#hardState;
    return term !== before.term || vote !== before.vote || this.#raft.log.commit !== before.commit;
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

/** The member's own vote and acknowledgement stay here; mostly there is none, and the list is handed over as it is. */
function toOthers(messages: readonly PeerMessage[], self: MemberId): readonly PeerMessage[] {
  for (let i = 0; i < messages.length; i++) {
    if ((messages[i] as PeerMessage).to === self) {
      return messages.filter((message) => message.to !== self);
    }
  }
  return messages;
}
