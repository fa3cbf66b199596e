import type { ApplyWork, Entry, LogIndex, Membership, RaftCore } from "@quorate/core";
import type { MemberFacts } from "../invariants/member-facts.ts";
import { printAfter } from "../invariants/prints.ts";
import { type CommandResult, decodeCommand } from "./command.ts";
import type { RegisterMachine } from "./machine.ts";
import { type Checkpoint, NO_MEMBERSHIP } from "./member-disk.ts";
import type { MemberWorld } from "./member-world.ts";

export interface ApplierOwner {
  /** Runs later in this life of the process, after as long as applying takes. */
  later(run: () => void): void;
  call(run: (core: RaftCore) => void): void;
  /** One work was applied. */
  appliedWork(): void;
}

/** What a machine stands for, beside its state. */
export type AppliedPosition = Omit<Checkpoint, "state">;

export const NOTHING_APPLIED: AppliedPosition = {
  index: 0,
  term: 0,
  print: 0,
  membership: NO_MEMBERSHIP,
};

interface WaitingRead {
  readonly requestId: number;
  readonly index: LogIndex;
}

/** Applies in one life of a member what its core hands out, and serves reads when that is far enough. */
export class MemberApplier {
  readonly machine: RegisterMachine;
  readonly #world: MemberWorld;
  readonly #member: MemberFacts;
  readonly #owner: ApplierOwner;
  readonly #works: ApplyWork[] = [];
  #at: AppliedPosition = NOTHING_APPLIED;
  #reads: WaitingRead[] = [];

  constructor(
    world: MemberWorld,
    member: MemberFacts,
    machine: RegisterMachine,
    owner: ApplierOwner,
  ) {
    this.#world = world;
    this.#member = member;
    this.machine = machine;
    this.#owner = owner;
  }

  get index(): LogIndex {
    return this.#at.index;
  }

  get membership(): Membership {
    return this.#at.membership;
  }

  /** The machine's state is that of another place of the log. */
  standAt({ index, term, print, membership }: AppliedPosition): void {
    this.#at = { index, term, print, membership };
  }

  checkpoint(): Checkpoint {
    return { ...this.#at, state: this.machine.state() };
  }

  apply(work: ApplyWork): void {
    this.#works.push(work);
    if (this.#works.length === 1) this.#applyFirst();
  }

  /** The machine may be read for `requestId` once `index` is applied. */
  readAt(requestId: number, index: LogIndex): void {
    this.#reads.push({ requestId, index });
  }

  serveReads(): void {
    if (this.#reads.length === 0) return;
    const ready = this.#reads.filter(({ index }) => index <= this.index);
    if (ready.length === 0) return;
    this.#reads = this.#reads.filter(({ index }) => index > this.index);
    for (const { requestId } of ready) this.#world.readable(this.#member.id, requestId);
  }

  #applyFirst(): void {
    const work = this.#works[0];
    if (work === undefined) return;
    this.#owner.later(() => {
      // Something that was installed meanwhile may contain entries of the work.
      for (const entry of work.entries) if (entry.index > this.index) this.#applyEntry(entry);
      // It stays the first while the core hands out the next: only one is being applied at a time.
      this.#owner.call((core) => core.applyDone(work.id));
      this.#works.shift();
      this.serveReads();
      this.#owner.appliedWork();
      this.#applyFirst();
    });
  }

  #applyEntry(entry: Entry): void {
    const { ledger, emit } = this.#world;
    const { id } = this.#member;
    const print = printAfter(this.#at.print, entry);
    ledger.applied(this.#member, entry.index, this.index, print);
    let result: CommandResult | undefined;
    if (entry.kind === "membership") {
      const before = this.membership;
      // In force before anything that follows from it: with fewer voters more may be committed at once.
      this.#owner.call((core) => {
        const applied = core.applyMembership(entry);
        if (applied.ok) this.#at = { ...this.#at, membership: applied.membership };
      });
      ledger.membershipChanged(this.#member, entry, before, this.membership);
    } else if (entry.kind === "command") {
      result = this.machine.apply(decodeCommand(entry.payload));
    }
    const { membership } = this;
    this.#at = { index: entry.index, term: entry.term, print, membership };
    const isRepeat = result !== undefined && this.machine.wasRepeat;
    emit?.({ type: "applied", member: id, entry, result, isRepeat });
    if (result !== undefined) this.#world.applied(id, entry.payload, result);
  }
}
