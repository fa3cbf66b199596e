import type {
  Accepted,
  CoreStatus,
  Effects,
  Entry,
  MemberId,
  MembershipApplied,
  MembershipChange,
  PeerMessage,
  Proposed,
  ProposedEntry,
  RaftCore,
  ReadMode,
  Stepped,
} from "@quorate/core";

/** A core behind glass: everything goes through to the real one, until a switch steps in between. */
export class CoreProxy implements RaftCore {
  protected readonly inner: RaftCore;

  constructor(inner: RaftCore) {
    this.inner = inner;
  }

  tick(): void {
    this.inner.tick();
  }
  step(message: PeerMessage): Stepped {
    return this.inner.step(message);
  }
  propose(entries: readonly ProposedEntry[]): Proposed {
    return this.inner.propose(entries);
  }
  proposeMembership(change: MembershipChange): Proposed {
    return this.inner.proposeMembership(change);
  }
  readIndex(requestId: number, mode?: ReadMode): Accepted {
    return this.inner.readIndex(requestId, mode);
  }
  campaign(): void {
    this.inner.campaign();
  }
  transferLeadership(to: MemberId): Accepted {
    return this.inner.transferLeadership(to);
  }
  forgetLeader(): void {
    this.inner.forgetLeader();
  }
  hasEffects(): boolean {
    return this.inner.hasEffects();
  }
  takeEffects(): Effects {
    return this.inner.takeEffects();
  }
  appendDone(id: number): void {
    this.inner.appendDone(id);
  }
  applyDone(id: number): void {
    this.inner.applyDone(id);
  }
  applyMembership(entry: Entry): MembershipApplied {
    return this.inner.applyMembership(entry);
  }
  entriesLoaded(member: MemberId): void {
    this.inner.entriesLoaded(member);
  }
  snapshotReady(): void {
    this.inner.snapshotReady();
  }
  reportUnreachable(member: MemberId): void {
    this.inner.reportUnreachable(member);
  }
  reportSnapshot(member: MemberId, delivered: boolean): void {
    this.inner.reportSnapshot(member, delivered);
  }
  status(): CoreStatus {
    return this.inner.status();
  }
  checkInvariants(): void {
    this.inner.checkInvariants();
  }
}
