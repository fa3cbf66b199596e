import type {
  Accepted,
  AppendWork,
  Decision,
  Effects,
  Entry,
  MemberId,
  PeerMessage,
  RaftCore,
  ReadMode,
  Role,
  RoleChange,
  SnapshotInfo,
  Term,
} from "@quorate/core";
import type { QuorateError } from "../errors.ts";
import type { LogEvent } from "../log/log-event.ts";
import type { Companion } from "../session/companion.ts";
import type { GroupId } from "../transport/transport.ts";
import type { Applier } from "./applier.ts";
import { Belonging } from "./belonging.ts";
import { CommitNotices } from "./commit-notices.ts";
import { Conditions } from "./conditions.ts";
import type { GroupCounters } from "./counters.ts";
import { newGroupCounters } from "./counters.ts";
import { DecisionLog } from "./decision-log.ts";
import { EventFeed } from "./event-feed.ts";
import {
  brokenInvariant,
  removedFromGroup,
  stopped,
  storageFailed,
  storageFull,
} from "./failures.ts";
import { Fitness } from "./fitness.ts";
import { Forwarding } from "./forwarding.ts";
import { newApplier, newGroupCore } from "./group-core.ts";
import type { GroupParts } from "./group-parts.ts";
import { Hearing } from "./hearing.ts";
import type { HostMessage } from "./host-message.ts";
import { encodeHostMessage } from "./host-message.ts";
import { Installation } from "./installation.ts";
import { Life } from "./life.ts";
import { surfaceLater } from "./listeners.ts";
import { LogAccess } from "./log-access.ts";
import { LogWriter } from "./log-writer.ts";
import { LoneVoter } from "./lone-voter.ts";
import type { RequestHandler } from "./postbox.ts";
import { Postbox } from "./postbox.ts";
import { ProposalQueue } from "./proposal-queue.ts";
import { firstRequestId, ReadQueue } from "./read-queue.ts";
import { RefillGuard } from "./refill-guard.ts";
import type { ReplicaCondition } from "./replica.ts";
import { SnapshotIntake } from "./snapshot-intake.ts";
import { SnapshotKeeper } from "./snapshot-keeper.ts";
import { SnapshotOutlet } from "./snapshot-outlet.ts";
import { Standing } from "./standing.ts";

/** Changes of role within one turn after which the rest is left to the next. */
const ROLE_ROUNDS_MAX = 4;

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
  readonly feed: EventFeed;
  readonly decisions: DecisionLog;
  readonly conditions: Conditions = new Conditions();
  readonly fitness: Fitness;
  readonly #forwarding: Forwarding;
  readonly #belonging: Belonging;
  readonly #installation: Installation;
  readonly #postbox: Postbox;
  readonly counters: GroupCounters = newGroupCounters();
  readonly parts: GroupParts<C, R, Q, A>;
  readonly outlet: SnapshotOutlet;
  readonly intake: SnapshotIntake;
  readonly refill: RefillGuard;
  readonly #hearing: Hearing;
  readonly #life: Life = new Life();
  /** Takes requests and replies of other replicas of the group. */
  onRequest: RequestHandler | undefined;
  readonly #standing: Standing;
  #roleChanged = false;
  readonly #loneVoter: LoneVoter;
  readonly notices: CommitNotices;

  constructor(parts: GroupParts<C, R, Q, A>) {
    const { environment, storage, recovered, self, incarnation, limits, spec } = parts;
    this.parts = parts;
    this.groupId = spec.groupId;
    this.self = self;
    this.feed = new EventFeed(surfaceLater(environment));
    this.decisions = new DecisionLog(environment);
    this.#standing = new Standing(recovered.hardState.term);
    this.proposals = new ProposalQueue(self, incarnation, limits, this.counters);
    this.reads = new ReadQueue(firstRequestId(incarnation), limits.pendingReadsMax, this.counters);
    this.log = new LogAccess(storage.log, recovered.snapshots[0], {
      entriesLoaded: (reader) => this.#call(() => this.core.entriesLoaded(reader)),
      snapshotWanted: () => this.snapshots.wanted(),
      failed: (error) => this.fail(storageFailed(error)),
    });
    this.writer = new LogWriter(storage.log, environment, this.counters, {
      durable: (work) => this.#guard(() => this.#installation.durable(work)),
      writeFailed: (error) => this.fail(storageFailed(error)),
    });
    this.applier = newApplier(parts, this.proposals, this.counters, {
      applyMembership: (entry) => this.#applyMembership(entry),
      workDone: (id) => this.core.applyDone(id),
      resume: () => this.schedule(),
      failed: (error) => this.fail(error),
    });
    this.snapshots = new SnapshotKeeper(this, spec.machine as never);
    this.outlet = new SnapshotOutlet(this);
    this.intake = new SnapshotIntake(this);
    this.refill = new RefillGuard(storage.refill, {
      refilled: () => this.feed.emit({ type: "refilled" }),
      failed: (error) => this.fail(storageFailed(error)),
    });
    this.#hearing = new Hearing(self, parts);
    this.#loneVoter = new LoneVoter(this);
    this.core = newGroupCore(parts, this.log, (decision) => this.#decided(decision));
    this.fitness = new Fitness(this);
    this.#forwarding = new Forwarding(this);
    this.notices = new CommitNotices(environment, (message) => this.#transmit(message));
    this.#belonging = new Belonging(this);
    this.#postbox = new Postbox(this, this.#forwarding, this.#belonging);
    this.#installation = new Installation(this, {
      installed: (info, companion) => this.#installed(info, companion),
      acknowledge: (work) => this.#acknowledge(work),
    });
  }

  #decided(decision: Decision): void {
    this.decisions.add(decision);
    if (decision.type !== "stopped") return;
    // A rule of the algorithm does not hold, and the core is in the middle of a call.
    this.parts.environment.defer(() => this.#broken(new Error(decision.detail)));
  }

  /** A core that stops over a change ends the applier's turn: what follows was decided by a membership not in force. */
  #applyMembership(entry: Entry): "inForce" | "stopped" {
    const applied = this.#belonging.apply(entry);
    if (applied === "stopped") this.#broken(new Error(this.core.status().stopped));
    return applied;
  }

  get role(): Role {
    return this.#standing.role;
  }

  get leader(): MemberId {
    return this.#standing.leader;
  }

  get term(): Term {
    return this.#standing.term;
  }

  get condition(): ReplicaCondition {
    return this.#life.condition(this.fitness.isFull);
  }

  get companion(): Companion {
    return this.applier.companion;
  }

  get isRunning(): boolean {
    return this.#life.isRunning;
  }

  /** Why calls are refused, if they are. */
  get stopError(): QuorateError | undefined {
    return this.#life.refusal;
  }

  /** Why proposals are refused, if they are: also for want of room. */
  get proposalError(): QuorateError | undefined {
    return this.fitness.isFull && this.leader === this.self ? storageFull() : this.stopError;
  }

  /** Whether `member` was heard within an election time-out. */
  readonly answers = (member: MemberId): boolean => this.#hearing.answers(member);

  schedule(): void {
    this.parts.schedule();
  }

  /** Does everything that has gathered. */
  turn(): void {
    this.#guard(this.#turn);
  }

  /** A mistake of ours ends the group, never the process. */
  #guard(run: () => void): void {
    if (!this.isRunning) return;
    try {
      run();
    } catch (error) {
      this.#broken(error);
    }
  }

  readonly #turn = (): void => {
    this.counters.turns += 1;
    const { environment } = this.parts;
    const nowMs = environment.nowMs();
    this.proposals.seal(nowMs, environment.wallClockMs());
    for (let round = 0; round < ROLE_ROUNDS_MAX; round++) {
      this.#roleChanged = false;
      this.proposals.dispatch(nowMs, this.leader, this.#forwarding.send);
      this.reads.ask(nowMs, this.#askReadIndex);
      this.#pump();
      if (!this.#roleChanged) break;
    }
    if (this.#roleChanged) this.schedule();
    if (!this.refill.isActive) this.#loneVoter.check();
    this.snapshots.check();
    this.conditions.check();
  };

  /** One unit of time. */
  tick(nowMs: number): void {
    this.#guard(() => this.#tick(nowMs));
  }

  #tick(nowMs: number): void {
    this.fitness.tick(nowMs, this.writer.waitingMs(nowMs));
    // Somebody who does not belong to the group has nobody to elect.
    if (!this.#life.isRemoved && !this.refill.isActive) this.core.tick();
    this.proposals.expire(nowMs, this.leader);
    this.conditions.expire(nowMs);
    const asks = this.reads.tick(nowMs, this.leader);
    this.snapshots.tick();
    this.writer.flush();
    if (asks || this.core.hasEffects() || this.proposals.isDue(nowMs)) this.schedule();
  }

  onMessage(message: PeerMessage): void {
    if (!this.isRunning) return;
    this.#hearing.heard(message.from);
    const isHeldBack = this.refill.holdsBack(message) || this.#belonging.isTooNewFor(message);
    if (!isHeldBack) this.core.step(message);
    this.schedule();
    if (message.type === "preVote" || message.type === "vote") this.#belonging.onCandidate(message);
  }

  onHostMessage(from: MemberId, bytes: Uint8Array): void {
    this.#guard(() => this.#postbox.open(from, bytes));
  }

  onUnreachable(peer: MemberId): void {
    this.#call(() => this.core.reportUnreachable(peer));
  }

  sendHostMessage(to: MemberId, message: HostMessage): "queued" | "dropped" {
    return this.parts.transport.sendHost(this.groupId, to, encodeHostMessage(message));
  }

  onLogEvent(event: LogEvent): void {
    if (!this.isRunning) return;
    if (event.type === "failed") this.fail(event.error);
    else this.fitness.onSpace(event);
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
    this.#finish("stopped", error);
  }

  /** Answers everyone who waits and takes no more calls. The stores are the caller's to close. */
  shut(): void {
    this.#finish("closed", undefined);
  }

  /** Waits until nothing is under way in the machine and the stores; `flush` makes what was applied durable. */
  async settled(flush: boolean): Promise<void> {
    await new Promise<void>((resolve) => this.applier.whenIdle(resolve));
    await this.intake.stop();
    await this.snapshots.close(flush);
  }

  #finish(end: "stopped" | "closed", error: QuorateError | undefined): void {
    if (!this.#life.end(end, error)) return;
    this.applier.stop();
    this.outlet.stop();
    this.notices.clear();
    this.proposals.failAll((outcome) => stopped(outcome, error));
    this.reads.failAll(() => stopped("notApplied", error));
    this.conditions.failAll(() => stopped("unknown", error));
    this.snapshots.failAll(error);
    const nobody = this.#standing.nobody();
    if (this.#standing.change(nobody)) this.feed.emit({ type: "role", ...nobody });
    this.feed.emit({ type: "stopped", error });
    this.feed.end();
  }

  /** Our own fault: nobody knows what state it leaves behind, so this group stops, and only this one. */
  #broken(cause: unknown): void {
    this.fail(brokenInvariant(cause));
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
    for (const message of effects.send) this.notices.pass(message);
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

  #transmit(message: PeerMessage): void {
    if (message.type === "snapshot") this.outlet.send(message);
    else this.parts.transport.send(this.groupId, message);
  }

  #acknowledge(work: AppendWork): void {
    for (const message of work.afterDurable) this.notices.pass(message);
    this.core.appendDone(work.id);
    this.refill.durable(work);
    this.schedule();
  }

  #installed(info: SnapshotInfo, companion: Companion): void {
    const { self, incarnation } = this.parts;
    this.log.newestSnapshot = info;
    this.snapshots.installed(info);
    this.counters.snapshotsInstalled += 1;
    this.feed.emit({ type: "snapshot", phase: "installed", peer: 0, info });
    this.#belonging.changed();
    this.proposals.snapshotInstalled(
      (first, count) => companion.memberSessions.isSettled(self, incarnation, first, count),
      this.leader,
    );
  }

  #changeRole(change: RoleChange): void {
    const { role, leader, term } = change;
    if (leader !== this.leader && leader !== 0) this.counters.leaderChanges += 1;
    if (!this.#standing.change(change)) return;
    this.#roleChanged = true;
    this.proposals.leaderChanged();
    this.reads.leaderChanged();
    this.notices.clear();
    this.outlet.termChanged(role, term);
    this.feed.emit({ type: "role", role, leader, term });
  }

  /** This member belongs to the group, or does not any more. */
  belongs(belongs: boolean): void {
    if (!this.#life.belongs(belongs) || belongs) return;
    this.feed.emit({ type: "removed" });
    this.proposals.failAll((outcome) => removedFromGroup(outcome));
    this.reads.failAll(() => removedFromGroup("notApplied"));
  }

  readonly #askReadIndex = (requestId: number, mode: ReadMode): Accepted =>
    this.core.readIndex(requestId, this.fitness.trustedMode(mode));
}
