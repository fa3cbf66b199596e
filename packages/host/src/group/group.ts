import type {
  Accepted,
  AppendWork,
  Effects,
  Entry,
  LogIndex,
  MemberId,
  PeerMessage,
  RaftCore,
  ReadMode,
  Role,
  RoleChange,
  SnapshotInfo,
  Term,
  VoteRequestMessage,
} from "@quorate/core";
import { createCore, decodeMembershipChange } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import { QuorateError } from "../errors.ts";
import type { LogEvent } from "../log/log-event.ts";
import { checkBatch } from "../session/command-batch.ts";
import { Companion, decodeAddresses } from "../session/companion.ts";
import type { GroupId, SnapshotReceiver, Transport } from "../transport/transport.ts";
import { WireError } from "../wire/wire-error.ts";
import { Applier } from "./applier.ts";
import { Conditions } from "./conditions.ts";
import type { GroupCounters } from "./counters.ts";
import { newGroupCounters } from "./counters.ts";
import { DecisionLog } from "./decision-log.ts";
import { EventFeed } from "./event-feed.ts";
import { removedFromGroup, stopped, storageFailed, storageFull } from "./failures.ts";
import type { GroupCoreSettings, GroupLimits, GroupSpec, SnapshotPolicy } from "./group-spec.ts";
import type { HostMessage } from "./host-message.ts";
import { decodeHostMessage, encodeHostMessage } from "./host-message.ts";
import { LogAccess } from "./log-access.ts";
import { LogWriter } from "./log-writer.ts";
import type { MemberAddress } from "./membership-request.ts";
import type { Dispatched, OutgoingBatch } from "./proposal-queue.ts";
import { ProposalQueue } from "./proposal-queue.ts";
import { Pulse } from "./pulse.ts";
import { ReadQueue } from "./read-queue.ts";
import type { GroupStorage } from "./recovery.ts";
import { restoreSnapshot } from "./recovery.ts";
import type { ReplicaCondition } from "./replica.ts";
import { SnapshotIntake } from "./snapshot-intake.ts";
import { SnapshotKeeper } from "./snapshot-keeper.ts";
import { SnapshotOutlet } from "./snapshot-outlet.ts";
import { mostCaughtUp } from "./transfer-plan.ts";

/** Request ids of one start of a member: a later start's never meet an earlier start's answers. */
const REQUEST_IDS_PER_START = 2 ** 32;
const STARTS_TOLD_APART = 2 ** 20;

/** What the core does without a setting. */
const ELECTION_TICKS_DEFAULT = 10;

/** Changes of role within one turn after which the rest is left to the next. */
const ROLE_ROUNDS_MAX = 4;

/** What a group needs from its host. */
export interface GroupParts<C, R, Q, A> {
  readonly spec: GroupSpec<C, R, Q, A>;
  readonly environment: Environment;
  readonly transport: Transport;
  readonly self: MemberId;
  readonly incarnation: number;
  readonly limits: GroupLimits;
  readonly snapshotPolicy: SnapshotPolicy;
  readonly coreSettings: GroupCoreSettings;
  /** Length of a tick. */
  readonly tickMs: number;
  readonly storage: GroupStorage;
  readonly companion: Companion;
  /** Asks for a call of `turn` at the end of this turn of the event loop. */
  schedule(): void;
  /** Who belongs to the group and where they are has changed. */
  onMembers(members: readonly MemberAddress[]): void;
}

/** Something that several steps at the leader bring about; see `HostMessage`. */
export type RequestHandler = (from: MemberId, message: HostMessage) => void;

/**
 * One member of one group at work: gathers what reaches it during a turn of the event loop, and does in `turn` what
 * follows from all of it together. Nothing here awaits: the disk, the machine and the network call back.
 */
export class Group<C, R, Q, A> {
  readonly groupId: GroupId;
  readonly self: MemberId;
  readonly core: RaftCore;
  readonly proposals: ProposalQueue;
  readonly reads: ReadQueue;
  readonly applier: Applier<C, R>;
  readonly log: LogAccess;
  readonly writer: LogWriter;
  readonly snapshots: SnapshotKeeper;
  readonly feed: EventFeed = new EventFeed();
  readonly decisions: DecisionLog;
  readonly conditions: Conditions = new Conditions();
  readonly #pulse: Pulse;
  readonly counters: GroupCounters = newGroupCounters();
  readonly parts: GroupParts<C, R, Q, A>;
  readonly #outlet: SnapshotOutlet;
  readonly #intake: SnapshotIntake;
  /** Takes requests and replies of other replicas of the group. */
  onRequest: RequestHandler | undefined;
  #role: Role = "follower";
  #leader: MemberId = 0;
  #term: Term = 0;
  #condition: ReplicaCondition = "running";
  #error: QuorateError | undefined;
  #roleChanged = false;
  /** A member that joins does not belong to the group at first. */
  #wasMember = false;

  constructor(parts: GroupParts<C, R, Q, A>) {
    const { environment, storage, companion, self, incarnation, limits, spec } = parts;
    this.parts = parts;
    this.groupId = spec.groupId;
    this.self = self;
    this.decisions = new DecisionLog(environment);
    const electionTicks = parts.coreSettings.electionTicks ?? ELECTION_TICKS_DEFAULT;
    this.#pulse = new Pulse(parts.tickMs, electionTicks, environment.nowMs());
    this.#term = storage.recovered.hardState.term;
    this.proposals = new ProposalQueue(self, incarnation, limits, this.counters);
    const firstRequestId = (incarnation % STARTS_TOLD_APART) * REQUEST_IDS_PER_START + 1;
    this.reads = new ReadQueue(firstRequestId, limits.pendingReadsMax, this.counters);
    this.log = new LogAccess(storage.log, storage.recovered.snapshots[0], {
      entriesLoaded: (reader) => this.#call(() => this.core.entriesLoaded(reader)),
      snapshotWanted: () => this.snapshots.wanted(),
      failed: (error) => this.fail(storageFailed(error)),
    });
    this.writer = new LogWriter(storage.log, environment, this.counters, {
      durable: (work) => this.#durable(work),
      writeFailed: (error) => this.fail(storageFailed(error)),
    });
    this.applier = new Applier<C, R>(
      {
        environment,
        machine: spec.machine as never,
        commands: spec.commands,
        results: spec.results,
        proposals: this.proposals,
        counters: this.counters,
        self: { member: self, incarnation },
        owner: {
          applyMembership: (entry) => this.#applyMembership(entry),
          workDone: (id) => this.core.applyDone(id),
          resume: () => parts.schedule(),
          failed: (error) => this.fail(error),
        },
      },
      companion,
    );
    this.snapshots = new SnapshotKeeper(this, spec.machine as never);
    this.#outlet = new SnapshotOutlet(this);
    this.#intake = new SnapshotIntake(this);
    this.core = createCore(
      {
        ...parts.coreSettings,
        id: self,
        random: () => environment.random(),
        forwardProposals: false,
        onDecision: (decision) => {
          this.decisions.add(decision);
          if (decision.type === "stopped") this.#invariantBroken(decision.detail);
        },
      },
      {
        hardState: storage.recovered.hardState,
        membership: companion.membership,
        applied: companion.position.index,
      },
      this.log,
    );
    this.#wasMember = companion.members.some((member) => member.id === self);
    parts.onMembers(companion.members);
  }

  get oldestSnapshotSent(): LogIndex | undefined {
    return this.#outlet.oldestIndex;
  }

  get resumableSnapshots(): readonly string[] {
    return this.#intake.resumable;
  }

  get role(): Role {
    return this.#role;
  }

  get leader(): MemberId {
    return this.#leader;
  }

  get term(): Term {
    return this.#term;
  }

  get condition(): ReplicaCondition {
    return this.#condition;
  }

  get companion(): Companion {
    return this.applier.companion;
  }

  get isRunning(): boolean {
    return this.#condition !== "stopped" && this.#condition !== "closed";
  }

  /** Why calls are refused, if they are. */
  get stopError(): QuorateError | undefined {
    if (this.#condition === "removed") return removedFromGroup("notApplied");
    if (this.#condition === "storageFull" && this.#leader === this.self) return storageFull();
    return this.isRunning ? undefined : stopped("notApplied", this.#error);
  }

  schedule(): void {
    this.parts.schedule();
  }

  /** Does everything that has gathered. */
  turn(): void {
    if (!this.isRunning) return;
    this.counters.turns += 1;
    const { environment } = this.parts;
    const nowMs = environment.nowMs();
    this.proposals.seal(nowMs, environment.wallClockMs());
    for (let round = 0; round < ROLE_ROUNDS_MAX; round++) {
      this.#roleChanged = false;
      this.proposals.dispatch(nowMs, this.#leader, this.#sendBatch);
      this.reads.ask(nowMs, this.#askReadIndex);
      this.#pump();
      if (!this.#roleChanged) break;
    }
    if (this.#roleChanged) this.schedule();
    this.snapshots.check();
    this.conditions.check();
  }

  /** One unit of time. */
  tick(nowMs: number): void {
    if (!this.isRunning) return;
    this.#pulse.tick(nowMs);
    // Somebody who does not belong to the group has nobody to elect.
    if (this.#condition !== "removed") this.core.tick();
    this.proposals.expire(nowMs, this.#leader);
    this.conditions.expire(nowMs);
    const asks = this.reads.tick(nowMs, this.#leader);
    this.snapshots.tick();
    this.writer.flush();
    if (asks || this.core.hasEffects() || this.proposals.isDue(nowMs)) this.schedule();
  }

  onMessage(message: PeerMessage): void {
    if (!this.isRunning) return;
    this.core.step(message);
    this.schedule();
    if (message.type === "preVote" || message.type === "vote") this.#answerStranger(message);
  }

  onHostMessage(from: MemberId, bytes: Uint8Array): void {
    if (!this.isRunning) return;
    try {
      this.#hostMessage(from, decodeHostMessage(bytes));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
  }

  onSnapshot(
    from: MemberId,
    info: SnapshotInfo,
    term: Term,
  ): Promise<SnapshotReceiver | "refused"> {
    return this.#intake.offer(from, info, term);
  }

  onUnreachable(peer: MemberId): void {
    this.#call(() => this.core.reportUnreachable(peer));
  }

  sendHostMessage(to: MemberId, message: HostMessage): "queued" | "dropped" {
    return this.parts.transport.sendHost(this.groupId, to, encodeHostMessage(message));
  }

  /** The event loop stood still: ticks were lost. */
  stalled(forMs: number, nowMs: number): void {
    this.#pulse.stalled(forMs, nowMs);
  }

  onLogEvent(event: LogEvent): void {
    if (!this.isRunning) return;
    switch (event.type) {
      case "spaceLow":
        this.#storageFull();
        return;
      case "spaceFreed":
        if (this.#condition === "storageFull") this.#condition = "running";
        this.feed.emit({ type: "storageFreed" });
        return;
      case "failed":
        this.fail(event.error);
    }
  }

  /** A received snapshot is complete and checked: the core decides whether it is news. */
  snapshotReceived(from: MemberId, term: Term, info: SnapshotInfo): void {
    this.onMessage({ type: "snapshot", from, to: this.self, term, snapshot: info });
  }

  reportSnapshot(member: MemberId, delivered: boolean): void {
    this.#call(() => this.core.reportSnapshot(member, delivered));
  }

  /** This group cannot go on; others in the process can. */
  fail(error: QuorateError): void {
    if (!this.isRunning) return;
    this.#error = error;
    this.#end("stopped", error);
  }

  /** Answers everyone who waits and takes no more calls. The stores are the caller's to close. */
  shut(): void {
    if (!this.isRunning) return;
    this.#end("closed", undefined);
  }

  #end(condition: "stopped" | "closed", error: QuorateError | undefined): void {
    this.#condition = condition;
    this.applier.stop();
    this.#outlet.stop();
    this.proposals.failAll((outcome) => stopped(outcome, error));
    this.reads.failAll(() => stopped("notApplied", error));
    this.conditions.failAll(() => stopped("unknown", error));
    this.snapshots.failAll(error);
    this.feed.emit({ type: "stopped", error });
    this.feed.end();
  }

  #invariantBroken(detail: string): void {
    const error = new QuorateError(
      "STOPPED",
      `A rule of the algorithm does not hold (${detail}); this member has stopped. Keep its data and report it.`,
      { outcome: "unknown", retryable: false },
    );
    // The core is in the middle of a call.
    this.parts.environment.defer(() => this.fail(error));
  }

  #call(run: () => void): void {
    if (!this.isRunning) return;
    run();
    this.schedule();
  }

  /** Carries out effects until there are none. */
  #pump(): void {
    while (this.isRunning && this.core.hasEffects()) {
      this.#handle(this.core.takeEffects());
      this.applier.run();
    }
    this.applier.run();
    this.reads.advance(this.applier.applied.index);
  }

  #handle(effects: Effects): void {
    this.#sendAll(effects.send);
    if (effects.append !== undefined) this.writer.write(effects.append);
    if (effects.apply !== undefined) {
      this.snapshots.applied(effects.apply.bytes);
      this.applier.push(effects.apply);
    }
    for (const read of effects.reads) {
      this.reads.confirm(read.requestId, read.index, this.applier.applied.index);
    }
    if (effects.role !== undefined) this.#changeRole(effects.role);
  }

  #sendAll(messages: readonly PeerMessage[]): void {
    const { transport } = this.parts;
    for (const message of messages) {
      if (message.type === "snapshot") this.#outlet.send(message);
      else transport.send(this.groupId, message);
    }
  }

  #durable(work: AppendWork): void {
    if (!this.isRunning) return;
    if (work.installSnapshot !== undefined) {
      this.#install(work, work.installSnapshot);
      return;
    }
    this.#acknowledge(work);
  }

  #acknowledge(work: AppendWork): void {
    this.#sendAll(work.afterDurable);
    this.core.appendDone(work.id);
    this.schedule();
  }

  /** The log vouches for a received snapshot: the machine follows, and only then is it acknowledged. */
  #install(work: AppendWork, info: SnapshotInfo): void {
    const { spec, storage, limits } = this.parts;
    this.applier.drain(() => {
      this.applier.hold();
      restoreSnapshot(spec.machine as never, storage.snapshots, info, sessionLimits(limits)).then(
        (restored) => {
          if (!this.isRunning) return;
          if (restored instanceof Companion) this.#installed(work, info, restored);
          else this.fail(restored);
        },
        (error: unknown) => this.fail(storageFailed(error)),
      );
    });
  }

  #installed(work: AppendWork, info: SnapshotInfo, companion: Companion): void {
    const { self, incarnation } = this.parts;
    this.applier.replaced(companion);
    this.log.newestSnapshot = info;
    this.snapshots.installed(info);
    this.counters.snapshotsInstalled += 1;
    this.feed.emit({ type: "snapshot", phase: "installed", peer: 0, info });
    this.#membersChanged();
    this.proposals.snapshotInstalled(
      (first, count) => companion.memberSessions.isSettled(self, incarnation, first, count),
      this.#leader,
    );
    this.#acknowledge(work);
  }

  #changeRole(change: RoleChange): void {
    const { role, leader, term } = change;
    const isNews = leader !== this.#leader || term !== this.#term || role !== this.#role;
    if (leader !== this.#leader && leader !== 0) this.counters.leaderChanges += 1;
    this.#role = role;
    this.#leader = leader;
    this.#term = term;
    if (!isNews) return;
    this.#roleChanged = true;
    this.proposals.leaderChanged();
    this.reads.leaderChanged();
    this.#outlet.termChanged(role, term);
    this.feed.emit({ type: "role", role, leader, term });
  }

  #applyMembership(entry: Entry): void {
    const before = this.companion.members;
    const membership = this.core.applyMembership(entry);
    this.companion.changeMembership(membership, addressesOf(entry));
    this.#membersChanged();
    if (this.#role !== "leader") return;
    for (const { id } of before) {
      if (this.companion.address(id) === undefined) this.#tellRemoved(id, entry.index);
    }
  }

  /** A member that was away when it was removed asks for votes: it gets to know why it will never win. */
  #answerStranger(message: VoteRequestMessage): void {
    const { index } = this.applier.applied;
    const isStranger = this.companion.address(message.from) === undefined;
    if (isStranger && message.last.index < index) this.#tellRemoved(message.from, index);
  }

  #tellRemoved(member: MemberId, index: LogIndex): void {
    this.sendHostMessage(member, { type: "removed", index });
  }

  #membersChanged(): void {
    const { membership, members } = this.companion;
    this.parts.onMembers(members);
    this.feed.emit({ type: "membership", membership, members });
    const belongs = members.some((member) => member.id === this.self);
    if (this.#condition === "running" && !belongs && this.#wasMember) this.#removed();
    else if (belongs) this.#wasMember = true;
    if (belongs && this.#condition === "removed") this.#condition = "running";
  }

  /** Others may have room: the lead goes to them, and what is proposed here is refused while nobody takes it. */
  #storageFull(): void {
    if (this.#condition !== "running") return;
    this.#condition = "storageFull";
    this.feed.emit({ type: "storageFull" });
    this.resign("the disk is full");
  }

  /** Hands the lead to the voter that lacks least, if there is one; does not wait for the outcome. */
  resign(reason: string): void {
    if (!this.isRunning || this.#role !== "leader") return;
    const to = mostCaughtUp(this.core.status());
    if (to === 0) return;
    this.feed.emit({ type: "resigned", reason });
    this.core.transferLeadership(to);
    this.schedule();
  }

  #removed(): void {
    if (this.#condition === "removed") return;
    this.#condition = "removed";
    this.feed.emit({ type: "removed" });
    this.proposals.failAll((outcome) => removedFromGroup(outcome));
    this.reads.failAll(() => removedFromGroup("notApplied"));
  }

  readonly #sendBatch = (batch: OutgoingBatch): Dispatched => {
    if (this.#leader !== this.self) {
      const message: HostMessage = { type: "batch", payload: batch.payload };
      if (this.sendHostMessage(this.#leader, message) === "dropped") return "later";
      this.counters.proposalsForwarded += batch.count;
      return "forwarded";
    }
    const proposed = this.core.propose([{ kind: "command", payload: batch.payload }]);
    if (proposed.ok) {
      this.counters.batchesProposed += 1;
      return "appended";
    }
    return proposed.reason === "quotaExceeded" ? "overloaded" : "later";
  };

  /** The core counts a lease in ticks: where ticks were lost, only the quorum can tell. */
  readonly #askReadIndex = (requestId: number, mode: ReadMode): Accepted => {
    const trusted = mode === "quorum" || this.#pulse.isSteady(this.parts.environment.nowMs());
    return this.core.readIndex(requestId, trusted ? mode : "quorum");
  };

  #hostMessage(from: MemberId, message: HostMessage): void {
    switch (message.type) {
      case "batch":
        this.#onForwardedBatch(from, message.payload);
        return;
      case "batchRefused":
        if (message.incarnation !== this.parts.incarnation) return;
        this.proposals.refused(
          message.firstSequence,
          message.reason,
          message.leader,
          this.parts.environment.nowMs(),
        );
        this.schedule();
        return;
      case "removed":
        if (message.index > this.applier.applied.index) this.#removed();
        return;
      case "request":
      case "reply":
        this.onRequest?.(from, message);
    }
  }

  /** A batch is checked to its end before it is logged: what is in the log must be applicable everywhere. */
  #onForwardedBatch(from: MemberId, payload: Uint8Array): void {
    const { member, incarnation, firstSequence, count } = checkBatch(payload);
    if (member !== from) return;
    const { memberSessions } = this.companion;
    if (memberSessions.isSettled(member, incarnation, firstSequence, count)) return;
    const proposed = this.core.propose([{ kind: "command", payload }]);
    if (proposed.ok) {
      this.counters.batchesProposed += 1;
      this.schedule();
      return;
    }
    const reason = proposed.reason === "quotaExceeded" ? "overloaded" : "notLeader";
    const leader = proposed.leader;
    this.sendHostMessage(from, {
      type: "batchRefused",
      incarnation,
      firstSequence,
      reason,
      leader,
    });
  }
}

export function sessionLimits(limits: GroupLimits): { sessionsMax: number; bytesMax: number } {
  return { sessionsMax: limits.userSessionsMax, bytesMax: limits.userSessionBytesMax };
}

/** The addresses that a change brings along; none when its context is not ours. */
function addressesOf(entry: Entry): readonly MemberAddress[] {
  const change = decodeMembershipChange(entry.payload);
  if (change === undefined) return [];
  try {
    return decodeAddresses(change.context);
  } catch (error) {
    if (error instanceof WireError) return [];
    throw error;
  }
}
