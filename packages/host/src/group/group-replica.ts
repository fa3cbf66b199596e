import type { LogIndex, MemberId, Membership, ReadMode, Role, SnapshotInfo } from "@quorate/core";
import type { GroupId } from "../transport/transport.ts";
import { ClientSession } from "./client-session.ts";
import { aborted, invalidArgument, stopped, timedOut } from "./failures.ts";
import type { Group } from "./group.ts";
import type { LeaderTasks } from "./leader-tasks.ts";
import type { MemberAddress, MembershipOptions, MembershipStep } from "./membership-request.ts";
import type {
  GroupMetrics,
  Replica,
  ReplicaStatus,
  TimedDecision,
  WatchOptions,
} from "./replica.ts";
import type { ReplicaEvent } from "./replica-event.ts";
import { replicaStatus } from "./replica-status.ts";
import type { Applied, ProposeOptions, QueryOptions, RequestOptions, Session } from "./request.ts";
import type { AppliedPosition } from "./state-machine.ts";

/** A new voter has to catch up first. */
const MEMBERSHIP_TIMEOUT_MS = 60_000;

/** A large state takes its time to write. */
const SNAPSHOT_TIMEOUT_MS = 600_000;

/** A group as an application sees it: checks arguments, turns options into deadlines, and returns promises. */
export class GroupReplica<C, R, Q, A> implements Replica<C, R, Q, A> {
  readonly #group: Group<C, R, Q, A>;
  readonly #tasks: LeaderTasks;
  readonly #close: () => Promise<void>;
  #closing: Promise<void> | undefined;

  constructor(group: Group<C, R, Q, A>, tasks: LeaderTasks, close: () => Promise<void>) {
    this.#group = group;
    this.#tasks = tasks;
    this.#close = close;
  }

  get groupId(): GroupId {
    return this.#group.groupId;
  }

  get memberId(): MemberId {
    return this.#group.self;
  }

  get role(): Role {
    return this.#group.role;
  }

  get leader(): MemberAddress | undefined {
    const { leader, companion } = this.#group;
    if (leader === 0) return undefined;
    return companion.address(leader) ?? { id: leader, address: "", name: "" };
  }

  get appliedIndex(): LogIndex {
    return this.#group.applier.applied.index;
  }

  propose(command: C, options?: ProposeOptions): Promise<Applied<R>> {
    const group = this.#group;
    const refusal = group.proposalError;
    if (refusal !== undefined) return Promise.reject(refusal);
    const { environment, spec } = group.parts;
    if (options?.signal?.aborted === true) {
      return Promise.reject(aborted("notApplied", options.signal.reason));
    }
    if (options?.session !== undefined && spec.results === undefined) {
      return Promise.reject(invalidArgument("Sessions need a codec for results in the GroupSpec."));
    }
    let bytes: Uint8Array;
    try {
      bytes = spec.commands.encode(command);
    } catch (error) {
      return Promise.reject(invalidArgument(`The command cannot be encoded: ${String(error)}`));
    }
    const applied = group.proposals.command<Applied<R>>(
      bytes,
      options?.session,
      environment.nowMs(),
      environment.wallClockMs(),
      this.#deadline(options),
    );
    group.schedule();
    return applied;
  }

  async query(query: Q, options?: QueryOptions): Promise<A> {
    const group = this.#group;
    if (!group.isRunning) throw group.stopError ?? stopped("notApplied", undefined);
    if (options?.level !== "stale" || !group.applier.isIdle) await this.readBarrier(options);
    return this.#group.parts.spec.machine.query(query);
  }

  async readBarrier(options?: QueryOptions): Promise<AppliedPosition> {
    const group = this.#group;
    const { environment } = group.parts;
    const level = options?.level ?? "linearizable";
    const { timeoutMs, signal } = this.#deadline(options);
    const deadlineMs = environment.nowMs() + timeoutMs;
    if (options?.signal?.aborted === true) throw aborted("notApplied", options.signal.reason);
    if (level === "linearizable" || level === "lease") {
      const refusal = group.stopError;
      if (refusal !== undefined) throw refusal;
      const mode: ReadMode = level === "lease" ? "lease" : "quorum";
      const nowMs = environment.nowMs();
      const confirmed = group.reads.confirmed(mode, nowMs, { timeoutMs, signal });
      group.schedule();
      await confirmed;
    } else if (level === "sequential") {
      await this.#appliedAtLeast(options?.after ?? 0, options);
    }
    if (!group.applier.isIdle) {
      const nowMs = environment.nowMs();
      const whenIdle = (run: () => void): void => group.applier.whenIdle(run);
      await group.reads.ready(whenIdle, nowMs, { timeoutMs: deadlineMs - nowMs, signal });
    }
    return { appliedIndex: this.appliedIndex };
  }

  async openSession(options?: RequestOptions): Promise<Session> {
    const group = this.#group;
    const refusal = group.proposalError;
    if (refusal !== undefined) throw refusal;
    const { environment, spec } = group.parts;
    if (spec.results === undefined) {
      throw invalidArgument("Sessions need a codec for results in the GroupSpec.");
    }
    const opened = group.proposals.openSession(
      environment.nowMs(),
      environment.wallClockMs(),
      this.#deadline(options),
    );
    group.schedule();
    const id = await opened;
    return new ClientSession(id, (closing) => this.#closeSession(id, closing));
  }

  async changeMembership(
    steps: readonly MembershipStep[],
    options?: MembershipOptions,
  ): Promise<Membership> {
    this.#check(options);
    const timeoutMs = options?.timeoutMs ?? MEMBERSHIP_TIMEOUT_MS;
    return this.#tasks.changeMembership(steps, options ?? {}, timeoutMs);
  }

  async transferLeadership(to?: MemberId, options?: RequestOptions): Promise<MemberId> {
    this.#check(options);
    const { timeoutMs, signal } = this.#deadline(options);
    return this.#tasks.transferLeadership(to, timeoutMs, signal);
  }

  campaign(): void {
    if (!this.#group.isRunning || this.#group.refill.isActive) return;
    this.#group.core.campaign();
    this.#group.schedule();
  }

  async snapshot(options?: RequestOptions): Promise<SnapshotInfo> {
    this.#check(options);
    const group = this.#group;
    const { timeoutMs = SNAPSHOT_TIMEOUT_MS, signal } = options ?? {};
    let outcome: { readonly info: SnapshotInfo } | { readonly error: unknown } | undefined;
    group.snapshots.request().then(
      (info) => {
        outcome = { info };
        group.schedule();
      },
      (error: unknown) => {
        outcome = { error };
        group.schedule();
      },
    );
    return group.conditions.until(
      () => {
        if (outcome === undefined) return undefined;
        if ("error" in outcome) throw outcome.error;
        return outcome.info;
      },
      group.parts.environment.nowMs() + timeoutMs,
      () => timedOut("unknown", group.leader, "snapshot"),
      signal,
    );
  }

  status(): ReplicaStatus {
    return replicaStatus(this.#group);
  }

  metrics(): GroupMetrics {
    return this.#group.counters;
  }

  decisions(): readonly TimedDecision[] {
    return this.#group.decisions.list();
  }

  onDecision(listener: (decision: TimedDecision) => void): () => void {
    return this.#group.decisions.on(listener);
  }

  watch(options?: WatchOptions): AsyncIterable<ReplicaEvent> {
    return this.#group.feed.watch(options?.signal);
  }

  onEvent(listener: (event: ReplicaEvent) => void): () => void {
    return this.#group.feed.on(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #appliedAtLeast(index: LogIndex, options: QueryOptions | undefined): Promise<void> {
    const group = this.#group;
    const applied = group.applier.applied.index;
    if (index > applied) {
      const refusal = group.stopError;
      if (refusal !== undefined) throw refusal;
    }
    const nowMs = group.parts.environment.nowMs();
    await group.reads.applied(index, applied, nowMs, this.#deadline(options));
  }

  async #closeSession(id: number, options: RequestOptions | undefined): Promise<void> {
    this.#check(options);
    const group = this.#group;
    const { environment } = group.parts;
    const closed = group.proposals.closeSession(
      id,
      environment.nowMs(),
      environment.wallClockMs(),
      this.#deadline(options),
    );
    group.schedule();
    await closed;
  }

  #check(options: RequestOptions | undefined): void {
    const refusal = this.#group.stopError;
    if (refusal !== undefined) throw refusal;
    if (options?.signal?.aborted === true) throw aborted("notApplied", options.signal.reason);
  }

  #deadline(options: RequestOptions | undefined): {
    readonly timeoutMs: number;
    readonly signal: RequestOptions["signal"];
  } {
    const { requestTimeoutMs } = this.#group.parts.limits;
    return { timeoutMs: options?.timeoutMs ?? requestTimeoutMs, signal: options?.signal };
  }
}
