import {
  type CoreSettings,
  createCore,
  type Effects,
  type Entry,
  encodeMembershipChange,
  type MembershipChange,
  type PeerMessage,
  type RaftCore,
  type SnapshotInfo,
} from "@quorate/core";
import { compareLogs, sameEntry } from "./log-matching.ts";
import { PromiseBroken, SimulatedMember } from "./simulated-member.ts";

export interface Confirmed {
  readonly member: number;
  readonly requestId: number;
  readonly index: number;
}

/**
 * A cluster whose every step is chosen by the caller: which message arrives, which disk is done, who crashes. After
 * each step the members' own invariants and the promises to the outside are checked.
 */
export class Cluster {
  readonly members = new Map<number, SimulatedMember>();
  network: PeerMessage[] = [];
  readonly confirmed: Confirmed[] = [];
  readonly #slowEvery: number;
  readonly #isolated = new Set<number>();
  readonly #settings: Partial<CoreSettings>;
  /** Who led a term, and in which of its lives. */
  readonly #leaders = new Map<number, { readonly id: number; readonly life: number }>();
  /** Every entry that any state machine applied, by index. */
  readonly #committed: Entry[] = [];
  #seed: number;
  /** Reads by request id: what was committed when they were asked for. */
  readonly #reads = new Map<number, number>();
  #nextRead = 1;
  #nextValue = 1;

  constructor(
    voters: readonly number[],
    seed: number,
    settings: Partial<CoreSettings> = {},
    slowEvery = 0,
  ) {
    this.#slowEvery = slowEvery;
    this.#seed = seed;
    this.#settings = settings;
    for (const id of voters) this.#found(id, voters);
  }

  get committed(): readonly Entry[] {
    return this.#committed;
  }

  member(id: number): SimulatedMember {
    const member = this.members.get(id);
    if (member === undefined) throw new Error(`no member ${id}`);
    return member;
  }

  /** A newcomer starts empty: it learns from the leader who belongs to the group. */
  addEmpty(id: number): void {
    if (this.members.has(id)) return;
    this.members.set(id, new SimulatedMember(id, (member) => this.#start(member)));
  }

  // ---- steps -----------------------------------------------------------------------------------

  tick(id: number): void {
    this.#do(id, (core) => core.tick());
  }
  campaign(id: number): void {
    this.#do(id, (core) => core.campaign());
  }
  forgetLeader(id: number): void {
    this.#do(id, (core) => core.forgetLeader());
  }
  transfer(id: number, to: number): void {
    this.#do(id, (core) => core.transferLeadership(to));
  }
  propose(id: number, count = 1): void {
    const entries = Array.from({ length: count }, () => ({
      kind: "command" as const,
      payload: new TextEncoder().encode(`value ${this.#nextValue++}`),
    }));
    this.#do(id, (core) => core.propose(entries));
  }
  change(id: number, change: MembershipChange): void {
    for (const { action, member } of change.steps) if (action !== "remove") this.addEmpty(member);
    this.#do(id, (core) => core.proposeMembership(change));
  }
  read(id: number, mode: "quorum" | "lease" = "quorum"): number {
    const requestId = this.#nextRead++;
    this.#reads.set(requestId, this.#committed.length);
    this.#do(id, (core) => core.readIndex(requestId, mode));
    return requestId;
  }
  reportUnreachable(id: number, member: number): void {
    this.#do(id, (core) => core.reportUnreachable(member));
  }
  reportSnapshot(id: number, member: number, delivered: boolean): void {
    this.#do(id, (core) => core.reportSnapshot(member, delivered));
  }

  /** Delivers the message at `at` in the network; with `keep` it stays there and arrives again. */
  deliver(at: number, keep = false): void {
    const message = this.network[at];
    if (message === undefined) return;
    if (!keep) this.network.splice(at, 1);
    if (this.#isolated.has(message.to) || this.#isolated.has(message.from)) return;
    if (!this.members.has(message.to)) return;
    this.#do(message.to, (core) => {
      const stepped = core.step(message);
      if (!stepped.ok && stepped.reason !== "unknownPeer") {
        throw new PromiseBroken(
          `${message.to} refused as ${stepped.reason}: ${JSON.stringify(message)} ${this.#lastFault(message.to)}`,
        );
      }
    });
  }
  /** Nothing reaches it or leaves it, including what is on the way, until `heal`. */
  isolate(id: number): void {
    this.#isolated.add(id);
  }
  heal(): void {
    this.#isolated.clear();
  }
  drop(at: number): void {
    this.network.splice(at, 1);
  }
  loseSentBy(id: number): void {
    this.network = this.network.filter(({ from }) => from !== id);
  }

  /** Takes a batch of effects; its work starts but is not done. */
  take(id: number): void {
    const member = this.member(id);
    if (!member.core.hasEffects()) return;
    let effects: Effects | undefined;
    this.#do(id, (core) => {
      effects = core.takeEffects();
    });
    if (effects === undefined) return;
    this.network.push(...effects.send);
    if (effects.append !== undefined) member.appends.push(effects.append);
    if (effects.apply !== undefined) member.applies.push(effects.apply);
    for (const { requestId, index } of effects.reads) this.#confirm(id, requestId, index);
    if (effects.role?.role === "leader") this.#elected(id, effects.role.term);
  }

  /** The oldest write becomes durable. */
  finishAppend(id: number): void {
    const member = this.member(id);
    const work = member.appends.shift();
    if (work === undefined) return;
    if (work.hardState !== undefined) member.hardState = work.hardState;
    if (work.installSnapshot !== undefined) this.#install(member, work.installSnapshot);
    member.log.append(work.entries);
    this.network.push(...work.afterDurable);
    this.#do(id, (core) => core.appendDone(work.id));
  }

  /** The oldest batch of committed entries is applied. */
  finishApply(id: number): void {
    const member = this.member(id);
    const work = member.applies.shift();
    if (work === undefined) return;
    for (const entry of work.entries) {
      // A snapshot that was installed meanwhile contains it.
      if (entry.index <= member.applied) continue;
      this.#apply(member, entry);
    }
    this.#do(id, (core) => core.applyDone(work.id));
  }

  /** What its log had to fetch first is there now. */
  finishLoading(id: number): void {
    const { log } = this.member(id);
    for (const reader of log.waiting) {
      log.waiting.delete(reader);
      this.#do(id, (core) => core.entriesLoaded(reader));
    }
    if (!log.snapshotWaiting) return;
    log.snapshotWaiting = false;
    this.#do(id, (core) => core.snapshotReady());
  }

  /** Power is cut: what was not durable is gone. */
  restart(id: number): void {
    const member = this.member(id);
    member.lives++;
    member.log.waiting.clear();
    member.appends = [];
    member.applies = [];
    member.applied = member.checkpoint.applied;
    member.membership = member.checkpoint.membership;
    member.core = this.#start(member);
    this.#check(member);
  }

  /** The state machine is saved, and the log before it dropped except for `keep` entries. */
  snapshot(id: number, keep: number): void {
    const member = this.member(id);
    const { applied, membership } = member;
    const term = member.log.term(applied);
    if (applied === 0 || typeof term !== "number") return;
    member.checkpoint = { applied, membership };
    member.log.newest = { index: applied, term, membership, id: `${id}-${applied}`, bytes: 0 };
    const last = applied - keep;
    if (last >= member.log.firstIndex) member.log.compact(last);
    this.#do(id, (core) => core.snapshotReady());
  }

  /** Lets everything happen that can happen, without faults, for some rounds. */
  settle(rounds: number): void {
    for (let round = 0; round < rounds; round++) {
      for (const id of this.members.keys()) {
        this.take(id);
        while (!this.member(id).slowDisk && this.member(id).appends.length > 0)
          this.finishAppend(id);
        while (this.member(id).applies.length > 0) this.finishApply(id);
        this.finishLoading(id);
      }
      for (let left = this.network.length; left > 0; left--) this.deliver(0);
    }
  }

  /**
   * The faults are over: within a bounded time there is a leader, and what it is given reaches every member of its group.
   */
  mustRecover(): void {
    this.heal();
    for (const member of this.members.values()) member.slowDisk = false;
    let target = 0;
    for (let round = 0; round < 400; round++) {
      for (const id of this.members.keys()) this.tick(id);
      this.settle(2);
      const [leader] = [...this.members.values()]
        .filter(({ core }) => core.status().role === "leader")
        .sort((a, b) => b.core.status().term - a.core.status().term);
      if (leader === undefined) continue;
      const { membership, progress, last, commit } = leader.core.status();
      for (const [id, { state }] of progress) {
        // The transport would have noticed that its snapshot was lost.
        if (state === "snapshot") this.reportSnapshot(leader.id, id, false);
      }
      if (target === 0 || target > last.index) {
        target = last.index + 1;
        this.propose(leader.id);
      }
      const group = [...membership.voters, ...membership.outgoing, ...membership.learners];
      if (commit >= target && group.every((id) => this.member(id).applied >= target)) return;
    }
    const states = [...this.members.values()].map(({ id, core }) => {
      const { role, term, commit, last, membership } = core.status();
      return `${id} ${role} term ${term} commit ${commit} last ${last.index} of ${JSON.stringify(membership)}`;
    });
    throw new PromiseBroken(`no recovery to ${target}: ${states.join("; ")}`);
  }

  // ---- promises --------------------------------------------------------------------------------

  /** Raft's log matching: two logs that agree at an index agree before it. */
  checkLogs(): void {
    const all = [...this.members.values()].map(({ log }) => log);
    for (const [at, left] of all.entries()) {
      for (const right of all.slice(at + 1)) compareLogs(left, right);
    }
  }

  /** No two leaders in a term, not even the same one before and after a crash, and a leader holds everything committed. */
  #elected(id: number, term: number): void {
    const { log, appends, lives: life } = this.member(id);
    const other = this.#leaders.get(term);
    if (other !== undefined && other.id !== id) {
      throw new PromiseBroken(`election safety: ${other.id} and ${id} lead term ${term}`);
    }
    if (other !== undefined && other.life !== life) {
      throw new PromiseBroken(`election safety: ${id} is elected in term ${term} a second time`);
    }
    if (other !== undefined) return;
    this.#leaders.set(term, { id, life });
    const waiting = new Map<number, Entry>();
    for (const work of appends) for (const entry of work.entries) waiting.set(entry.index, entry);
    for (const entry of this.#committed) {
      if (entry.term >= term) continue;
      const here = waiting.get(entry.index)?.term ?? log.term(entry.index);
      if (here !== entry.term && here !== "compacted") {
        throw new PromiseBroken(
          `leader completeness: ${id} of term ${term} has ${here} where ${entry.term}/${entry.index} is committed`,
        );
      }
    }
  }

  #apply(member: SimulatedMember, entry: Entry): void {
    if (entry.index !== member.applied + 1) {
      throw new PromiseBroken(`${member.id} applies ${entry.index} after ${member.applied}`);
    }
    const known = this.#committed[entry.index - 1];
    if (known === undefined) {
      if (entry.index !== this.#committed.length + 1) {
        throw new PromiseBroken(`${entry.index} committed after ${this.#committed.length}`);
      }
      this.#committed.push(entry);
    } else if (!sameEntry(known, entry)) {
      throw new PromiseBroken(
        `state machine safety: ${member.id} applies ${entry.term}/${entry.index}, others ${known.term}`,
      );
    }
    if (entry.kind === "membership") {
      this.#do(member.id, (core) => {
        const applied = core.applyMembership(entry);
        if (applied.ok) member.membership = applied.membership;
      });
    }
    const durable = member.log.lastIndex;
    if (entry.index > durable) {
      throw new PromiseBroken(`${member.id} applies ${entry.index}, durable ${durable}`);
    }
    member.applied = entry.index;
  }

  #install(member: SimulatedMember, snapshot: SnapshotInfo): void {
    member.log.install(snapshot);
    member.applied = snapshot.index;
    member.membership = snapshot.membership;
    member.checkpoint = { applied: snapshot.index, membership: snapshot.membership };
  }

  /** A read must see everything that anybody had applied when it was asked for. */
  #confirm(member: number, requestId: number, index: number): void {
    this.confirmed.push({ member, requestId, index });
    const before = this.#reads.get(requestId) ?? 0;
    if (index < before) {
      throw new PromiseBroken(`stale read: index ${index} for a read asked after ${before}`);
    }
  }

  // ---- machinery -------------------------------------------------------------------------------

  /** The first members begin with the same committed changes in their logs, so that later ones learn of them too. */
  #found(id: number, voters: readonly number[]): void {
    const entries = voters.map((member, at): Entry => {
      const steps = [{ action: "voter" as const, member }];
      const change = { transition: "auto" as const, steps, context: new Uint8Array(0) };
      const payload = encodeMembershipChange(change);
      return { term: 1, index: at + 1, kind: "membership", payload };
    });
    const found = (member: SimulatedMember): RaftCore => {
      member.log.append(entries);
      member.hardState = { term: 1, vote: 0, commit: entries.length };
      return this.#start(member);
    };
    this.members.set(id, new SimulatedMember(id, found));
    this.take(id);
    this.finishApply(id);
  }

  #start(member: SimulatedMember): RaftCore {
    member.log.slowEvery = this.#slowEvery;
    return createCore(
      {
        ...this.#settings,
        id: member.id,
        random: () => this.#random(),
        onDecision: (decision) => {
          member.decisions.push(decision);
        },
      },
      {
        hardState: member.hardState,
        membership: member.membership,
        applied: member.checkpoint.applied,
      },
      member.log,
    );
  }

  #random(): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#seed / 2 ** 32;
  }

  #do(id: number, call: (core: RaftCore) => void): void {
    const member = this.member(id);
    call(member.core);
    this.#check(member);
  }

  #check(member: SimulatedMember): void {
    const { stopped } = member.core.status();
    if (stopped !== undefined) throw new PromiseBroken(`${member.id} stopped: ${stopped}`);
    member.core.checkInvariants();
  }

  #lastFault(id: number): string {
    return JSON.stringify(this.member(id).decisions.at(-1));
  }
}
