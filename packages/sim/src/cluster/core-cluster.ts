import {
  type Entry,
  encodeMembershipChange,
  type MemberId,
  type MembershipChange,
  type PeerMessage,
  type ProposedEntry,
  type Term,
} from "@quorate/core";
import type { Violation } from "../checkers/violation.ts";
import { FaultCounters } from "../faults/fault-counters.ts";
import { ClusterLedger } from "../invariants/cluster-ledger.ts";
import { EventHash } from "../random/event-hash.ts";
import { hashText } from "../random/mix.ts";
import { Random } from "../random/random.ts";
import { isBroken } from "../switches/break-rules.ts";
import { Agenda } from "../time/agenda.ts";
import { TraceChecker } from "../trace/trace-checker.ts";
import type { TraceEvent } from "../trace/trace-event.ts";
import { ClientDesk } from "./client-desk.ts";
import { ClusterMember } from "./cluster-member.ts";
import { encodeCommand } from "./command.ts";
import type { ClusterEventBody, ClusterListener, LossReason } from "./events.ts";
import type { MemberWorld } from "./member-world.ts";
import { MessageNetwork, type NetworkOwner, type Travelling } from "./message-network.ts";
import { CALM_WEATHER, CLUSTER_DEFAULTS, type ClusterSettings } from "./settings.ts";

/** Whose log ends in a newer term, or is longer. */
function isNewer(one: ClusterMember, other: ClusterMember): boolean {
  const [here, there] = [one.disk.prints, other.disk.prints];
  const difference = (here.termAt(here.last) ?? 0) - (there.termAt(there.last) ?? 0);
  return difference > 0 || (difference === 0 && here.last > there.last);
}

/** Equal for equal terms and places, as log matching wants it. */
function preparedEntries(terms: readonly Term[], after: number): readonly Entry[] {
  return terms.map((term, at): Entry => {
    const index = after + at + 1;
    const operation = { type: "write" as const, key: `entry ${index}`, value: `term ${term}` };
    return {
      term,
      index,
      kind: "command",
      payload: encodeCommand({ client: 0, sequence: 0, operation }),
    };
  });
}

/** The term in which a group's first entries name its members. */
const FIRST_TERM = 1;

const NO_CONTEXT = new Uint8Array(0);

/**
 * A cluster of real cores in one process: virtual time, a network that carries their messages one by one, disks that
 * forget what was not synced, and clients. Synchronous, decided by its settings, its seed and the calls made on it,
 * and watched by the ledgers after every event. This is what the playground shows.
 */
export class CoreCluster {
  #settings: ClusterSettings;
  readonly agenda: Agenda = new Agenda();
  readonly ledger: ClusterLedger;
  readonly counters: FaultCounters = new FaultCounters();
  readonly network: MessageNetwork;
  readonly members: Map<MemberId, ClusterMember> = new Map();
  readonly clients: ClientDesk;
  readonly #random: Random;
  readonly #hash: EventHash = new EventHash();
  readonly #world: MemberWorld;
  readonly #emit: ((event: ClusterEventBody) => void) | undefined;
  #told = 0;

  constructor(
    seed: number,
    settings: Partial<ClusterSettings> = {},
    listener?: ClusterListener,
    traceListener?: (event: TraceEvent) => void,
  ) {
    this.#settings = { ...CLUSTER_DEFAULTS, ...settings };
    this.ledger = new ClusterLedger(this.#settings.silentCheckers);
    // Whoever breaks a rule on purpose does what the model forbids.
    if ((this.#settings.brokenRules ?? []).length === 0) {
      this.ledger.trace = new TraceChecker((checker, what) => this.ledger.report(checker, what));
      this.ledger.trace.listener = traceListener;
    }
    this.#random = Random.fromSeed(seed);
    this.#emit =
      listener === undefined
        ? undefined
        : (event) => listener({ atMs: this.agenda.nowMs, ...event } as never);
    this.network = new MessageNetwork(
      this.agenda,
      this.#random.split("network"),
      this.settings.weather,
      this.counters,
      this.#networkOwner(),
    );
    this.clients = new ClientDesk({
      agenda: this.agenda,
      settings: this.#settings,
      random: this.#random.split("clients"),
      counters: this.counters,
      emit: this.#emit,
      members: this.members,
    });
    const currentSettings = (): ClusterSettings => this.#settings;
    this.#world = {
      agenda: this.agenda,
      get settings() {
        return currentSettings();
      },
      ledger: this.ledger,
      counters: this.counters,
      emit: this.#emit,
      send: (message, cargo) => this.network.send(message, cargo),
      applied: (member, payload, result) => this.clients.applied(member, payload, result),
      readable: (member, requestId) => this.clients.readable(member, requestId),
    };
    this.#found();
  }

  get settings(): ClusterSettings {
    return this.#settings;
  }

  get violations(): readonly Violation[] {
    return this.ledger.violations;
  }

  get nowMs(): number {
    return this.agenda.nowMs;
  }

  /** Fingerprint of everything that was delivered so far, and when. */
  digest(): string {
    return this.#hash.digest();
  }

  /** @throws RangeError when there is no such member. */
  member(id: MemberId): ClusterMember {
    const member = this.members.get(id);
    if (member === undefined) throw new RangeError(`there is no member ${id}`);
    return member;
  }

  /** The running leader of the highest term, if there is one. */
  leader(): ClusterMember | undefined {
    let found: ClusterMember | undefined;
    let term = -1;
    for (const member of this.members.values()) {
      if (!member.isUp) continue;
      const status = member.core?.status();
      if (status?.role === "leader" && status.term > term) {
        found = member;
        term = status.term;
      }
    }
    return found;
  }

  /** An empty member, started; it learns from the leader who belongs to the group. */
  addMember(id: MemberId): ClusterMember {
    const known = this.members.get(id);
    if (known !== undefined) return known;
    const member = this.#makeMember(id);
    member.start();
    return member;
  }

  /** Proposes a change at the leader; false when there is none or it refuses. New members are started first. */
  changeMembership(change: Omit<MembershipChange, "context">): boolean {
    for (const { action, member } of change.steps) if (action !== "remove") this.addMember(member);
    const single = isBroken(this.#settings, "oneStepMembership");
    const parts = single ? change.steps.map((step) => [step]) : [change.steps];
    const entries = parts.map((steps): ProposedEntry => {
      const transition = single ? "auto" : change.transition;
      const payload = encodeMembershipChange({ transition, steps, context: NO_CONTEXT });
      return { kind: "membership", payload };
    });
    const proposed = this.leader()?.call((core) => core.propose(entries));
    const taken =
      proposed?.ok === true && "first" in proposed && proposed.refusedChanges.length === 0;
    if (taken) this.counters.count("membershipChanged");
    return taken;
  }

  /**
   * Makes the survivor with the newest log the only member of a new group; undefined when somebody still runs. What the
   * lost members alone held is lost.
   */
  recoverQuorum(survivors: readonly MemberId[]): MemberId | undefined {
    const candidates = survivors.flatMap((id) => this.members.get(id) ?? []);
    const isAnybodyUp = [...this.members.values()].some(({ power }) => power !== "down");
    let saved = candidates[0];
    if (saved === undefined || isAnybodyUp) return undefined;
    for (const one of candidates) if (isNewer(one, saved)) saved = one;
    const before = saved.disk.prints.copy();
    this.ledger.recovered(saved, before, saved.disk.recoverAlone(saved.id));
    for (const member of this.members.values()) member.isLeftBehind = member !== saved;
    return saved.id;
  }

  /** Lets one event happen; false when nothing is left or something went wrong. */
  step(): boolean {
    if (this.violations.length > 0) return false;
    const happened = this.agenda.step();
    this.#tellViolations();
    return happened;
  }

  /** Lets everything happen for `forMs`; false when something went wrong on the way. */
  run(forMs: number): boolean {
    const endMs = this.nowMs + forMs;
    while (this.agenda.nextMs <= endMs) if (!this.step()) return false;
    this.agenda.runUntil(endMs);
    return true;
  }

  /** Runs until `done` answers true; false when it did not within `withinMs` or something went wrong. */
  runUntil(done: () => boolean, withinMs: number): boolean {
    const endMs = this.nowMs + withinMs;
    while (!done()) {
      if (this.agenda.nextMs > endMs || !this.step()) return false;
    }
    return true;
  }

  /**
   * Everyone runs, hears everyone, and nothing is slow any more: messages and disks are fast against the election
   * time-out, as Raft needs to make progress.
   */
  heal(): void {
    this.network.heal();
    this.network.weather = CALM_WEATHER;
    const { diskMinMs, diskMaxMs, applyMaxMs } = CLUSTER_DEFAULTS;
    this.#settings = { ...this.#settings, diskMinMs, diskMaxMs, applyMaxMs };
    for (const member of this.members.values()) {
      member.clockRate = 1;
      member.diskExtraMs = 0;
      member.resume();
      member.start();
    }
  }

  /** The first members begin with the same committed entries, so that later ones learn of them from the log. */
  #found(): void {
    const ids = Array.from({ length: this.settings.members }, (_, at) => at + 1);
    const voters = this.settings.members - this.settings.learners;
    const entries = ids.map((id): Entry => {
      const action = id > voters ? ("learner" as const) : ("voter" as const);
      const steps = [{ action, member: id }];
      const payload = encodeMembershipChange({ transition: "auto", steps, context: NO_CONTEXT });
      return { term: FIRST_TERM, index: id, kind: "membership", payload };
    });
    for (const id of ids) {
      const { disk } = this.#makeMember(id);
      disk.log.put(entries);
      disk.prints.put(entries);
      const prepared = preparedEntries(this.settings.preparedLogs?.[id - 1] ?? [], entries.length);
      disk.log.put(prepared);
      disk.prints.put(prepared);
      const term = prepared.at(-1)?.term ?? FIRST_TERM;
      disk.hardState = { term, vote: 0, commit: entries.length };
    }
    for (const member of this.members.values()) member.start();
    this.ledger.commits.begin(this.member(1), entries.length, FIRST_TERM);
  }

  #makeMember(id: MemberId): ClusterMember {
    const member = new ClusterMember(id, this.#world, this.#random.split(`member ${id}`));
    this.members.set(id, member);
    this.ledger.join(member);
    return member;
  }

  #networkOwner(): NetworkOwner {
    return {
      sent: ({ id, message, arrivesAtMs }) =>
        this.#emit?.({ type: "sent", messageId: id, message, arrivesAtMs }),
      arrived: (travelling) => this.#arrived(travelling),
      lost: (travelling, reason) => this.#lost(travelling, reason),
      linkChanged: (from, to, isCut) => this.#emit?.({ type: "linkChanged", from, to, isCut }),
    };
  }

  #arrived(travelling: Travelling): void {
    const { id, message, cargo } = travelling;
    const receiver = this.members.get(message.to);
    if (receiver === undefined || receiver.power === "down") {
      this.#lost(travelling, "receiverDown");
      return;
    }
    this.#emit?.({ type: "delivered", messageId: id, message });
    this.#hash.number(this.nowMs).number(id).number(hashText(message.type)).number(message.term);
    receiver.receive(message, cargo);
    if (message.type === "snapshot") this.#reportSnapshot(message, true);
  }

  #lost({ id, message }: Travelling, reason: LossReason): void {
    this.#emit?.({ type: "lost", messageId: id, message, reason });
    if (message.type === "snapshot") this.#reportSnapshot(message, false);
    else if (reason !== "lost") this.#reportUnreachable(message);
  }

  /** The sender's transport learns what became of a snapshot. */
  #reportSnapshot(message: PeerMessage, delivered: boolean): void {
    this.agenda.after(this.settings.tickMs, () => {
      this.members.get(message.from)?.tell((core) => core.reportSnapshot(message.to, delivered));
    });
  }

  /** Connections notice broken links sooner or later. */
  #reportUnreachable(message: PeerMessage): void {
    this.agenda.after(this.settings.tickMs, () => {
      this.members.get(message.from)?.tell((core) => core.reportUnreachable(message.to));
    });
  }

  #tellViolations(): void {
    for (; this.#told < this.violations.length; this.#told += 1) {
      const violation = this.violations[this.#told] as Violation;
      this.#emit?.({ type: "violation", violation });
    }
  }
}
