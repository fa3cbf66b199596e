import type {
  Accepted,
  CoreStatus,
  Effects,
  Entry,
  MemberId,
  Membership,
  MembershipApplied,
  MembershipChange,
  PeerMessage,
  Proposed,
  ProposedEntry,
  RaftCore,
  ReadMode,
  Stepped,
} from "@quorate/core";

/** Hears what a core is told and what it wants, before the host does anything about it. */
export interface CoreWitness {
  stepped(message: PeerMessage, outcome: Stepped): void;
  readAsked(requestId: number): void;
  taken(effects: Effects): void;
  /** The host says that an append work, with everything before it, is durable and its messages have left. */
  appendDone(id: number): void;
  applyDone(id: number): void;
  membershipApplied(entry: Entry, membership: Membership): void;
  /** Something was called: what must hold between two calls must hold now. */
  called(): void;
}

/** Passes every call on to the real core and tells the witness. */
export class WatchedCore implements RaftCore {
  readonly #core: RaftCore;
  readonly #witness: CoreWitness;

  constructor(core: RaftCore, witness: CoreWitness) {
    this.#core = core;
    this.#witness = witness;
  }

  tick(): void {
    this.#core.tick();
    this.#witness.called();
  }

  step(message: PeerMessage): Stepped {
    const outcome = this.#core.step(message);
    this.#witness.stepped(message, outcome);
    this.#witness.called();
    return outcome;
  }

  propose(entries: readonly ProposedEntry[]): Proposed {
    const proposed = this.#core.propose(entries);
    this.#witness.called();
    return proposed;
  }

  proposeMembership(change: MembershipChange): Proposed {
    const proposed = this.#core.proposeMembership(change);
    this.#witness.called();
    return proposed;
  }

  readIndex(requestId: number, mode?: ReadMode): Accepted {
    this.#witness.readAsked(requestId);
    return this.#core.readIndex(requestId, mode);
  }

  campaign(): void {
    this.#core.campaign();
    this.#witness.called();
  }

  transferLeadership(to: MemberId): Accepted {
    const accepted = this.#core.transferLeadership(to);
    this.#witness.called();
    return accepted;
  }

  forgetLeader(): void {
    this.#core.forgetLeader();
    this.#witness.called();
  }

  hasEffects(): boolean {
    return this.#core.hasEffects();
  }

  takeEffects(): Effects {
    const effects = this.#core.takeEffects();
    this.#witness.taken(effects);
    return effects;
  }

  appendDone(id: number): void {
    this.#witness.appendDone(id);
    this.#core.appendDone(id);
    this.#witness.called();
  }

  applyDone(id: number): void {
    this.#witness.applyDone(id);
    this.#core.applyDone(id);
    this.#witness.called();
  }

  applyMembership(entry: Entry): MembershipApplied {
    const applied = this.#core.applyMembership(entry);
    if (applied.ok) this.#witness.membershipApplied(entry, applied.membership);
    this.#witness.called();
    return applied;
  }

  entriesLoaded(member: MemberId): void {
    this.#core.entriesLoaded(member);
    this.#witness.called();
  }

  snapshotReady(): void {
    this.#core.snapshotReady();
  }

  reportUnreachable(member: MemberId): void {
    this.#core.reportUnreachable(member);
  }

  reportSnapshot(member: MemberId, delivered: boolean): void {
    this.#core.reportSnapshot(member, delivered);
    this.#witness.called();
  }

  status(): CoreStatus {
    return this.#core.status();
  }

  checkInvariants(): void {
    this.#core.checkInvariants();
  }
}
