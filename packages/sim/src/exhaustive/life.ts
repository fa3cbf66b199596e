import {
  type AppendWork,
  type ConfirmedRead,
  type CoreStatus,
  createCore,
  type Effects,
  type Entry,
  encodeMembershipChange,
  type HardState,
  type LogIndex,
  type MemberId,
  type Membership,
  type PeerMessage,
  type RaftCore,
  type SnapshotInfo,
} from "@quorate/core";
import { MemberLog } from "../cluster/member-log.ts";
import type { Configuration } from "./configuration.ts";
import { FieldWriter, hasOpenFields, type Renaming } from "./open-fields.ts";

/** One thing that happens to one member. */
export type Input =
  | { readonly type: "deliver"; readonly message: PeerMessage }
  | { readonly type: "campaign" | "heartbeat" | "tick" | "durable" | "crash" | "snapshot" }
  | { readonly type: "propose"; readonly number: number }
  | { readonly type: "change"; readonly number: number }
  | { readonly type: "read"; readonly requestId: number }
  | { readonly type: "transfer"; readonly to: MemberId };

/** What a crash leaves: the disk, and what the state machine has kept. */
export interface Image {
  readonly hardState: HardState;
  readonly base: LogIndex;
  readonly baseTerm: number;
  readonly entries: readonly Entry[];
  readonly snapshot: SnapshotInfo | undefined;
  readonly membership: Membership;
  /** Texts of the entries applied, from index 2 on. */
  readonly applied: readonly string[];
}

/** What the member let out during one input. */
export interface Output {
  readonly messages: readonly PeerMessage[];
  readonly reads: readonly ConfirmedRead[];
}

/** An entry as the checks compare it. */
export function entryText({ term, kind, payload }: Entry): string {
  return `${term}${kind[0]}${payload.join(".")}`;
}

/**
 * One member with a real core: a log, a disk that may be slow, and a machine that only remembers what it applied. It
 * is made from what a crash left, and is then what its inputs make of it.
 */
export class Life {
  readonly core: RaftCore;
  readonly log: MemberLog;
  readonly disk: MemberLog;
  hardState: HardState;
  membership: Membership;
  applied: string[];
  readonly pending: AppendWork[] = [];
  readonly #configuration: Configuration;
  #messages: PeerMessage[] = [];
  #reads: ConfirmedRead[] = [];

  constructor(id: MemberId, image: Image, configuration: Configuration) {
    const { base, baseTerm, entries, snapshot } = image;
    this.#configuration = configuration;
    this.log = new MemberLog(base, baseTerm, entries);
    this.disk = new MemberLog(base, baseTerm, entries);
    this.log.newestSnapshot = snapshot;
    this.disk.newestSnapshot = snapshot;
    this.hardState = image.hardState;
    this.membership = image.membership;
    this.applied = [...image.applied];
    const { preVote, checkQuorum, appendBytesMax, inflightMessagesMax, budgets } = configuration;
    this.core = createCore(
      {
        id,
        random: () => 0,
        // Where nobody ticks, elections begin by choice, not by time.
        electionTicks: budgets.ticks > 0 ? 2 : 1_000,
        heartbeatTicks: 1,
        preVote,
        checkQuorum,
        appendBytesMax,
        inflightMessagesMax,
      },
      {
        hardState: image.hardState,
        membership: image.membership,
        applied: image.applied.length + (base > 0 ? 1 : 0),
      },
      this.log,
    );
    this.#settle();
    this.takeOutput();
  }

  get image(): Image {
    const { firstIndex, held, newestSnapshot } = this.disk;
    const baseTerm = this.disk.term(firstIndex - 1);
    return {
      hardState: this.hardState,
      base: firstIndex - 1,
      baseTerm: typeof baseTerm === "number" ? baseTerm : 0,
      entries: [...held],
      snapshot: newestSnapshot,
      membership: this.membership,
      applied: [...this.applied],
    };
  }

  status(): CoreStatus {
    return this.core.status();
  }

  perform(input: Exclude<Input, { type: "crash" }>): Output {
    const { core } = this;
    switch (input.type) {
      case "deliver":
        core.step(input.message);
        break;
      case "campaign":
        core.campaign();
        break;
      case "heartbeat":
      case "tick":
        core.tick();
        break;
      case "propose":
        core.propose([{ kind: "command", payload: Uint8Array.of(input.number) }]);
        break;
      case "change": {
        const change = this.#configuration.changes[input.number];
        if (change === undefined) throw new RangeError(`no change ${input.number}`);
        core.propose([{ kind: "membership", payload: encodeMembershipChange(change) }]);
        break;
      }
      case "read":
        core.readIndex(input.requestId);
        break;
      case "transfer":
        core.transferLeadership(input.to);
        break;
      case "snapshot":
        this.#snapshot();
        break;
      case "durable":
        do this.#complete();
        while (this.pending[0]?.mustSync === false);
        break;
    }
    this.#settle();
    return this.takeOutput();
  }

  takeOutput(): Output {
    const output = { messages: this.#messages, reads: this.#reads };
    this.#messages = [];
    this.#reads = [];
    return output;
  }

  /** Everything that its future depends on, with members renamed. */
  text(renaming: Renaming): string {
    if (!hasOpenFields(this.core)) {
      throw new Error("The core's private fields cannot be read: bundle it with open fields.");
    }
    const writer = new FieldWriter(renaming, this.#configuration.budgets.ticks > 0);
    const { firstIndex, held, newestSnapshot } = this.disk;
    const disk = `${firstIndex}:${held.map(entryText).join(",")};${writer.write(newestSnapshot)}`;
    const hard = `${this.hardState.term}/${writer.member(this.hardState.vote)}/${this.hardState.commit}`;
    const log = `${this.log.firstIndex}:${this.log.held.map(entryText).join(",")}`;
    const pending = this.pending.map((work) => writer.write({ ...work, id: 0 })).join("|");
    return `${writer.write(this.core)}#${disk}#${hard}#${log}#${pending}#${this.applied.join(",")}#${writer.write(this.membership)}`;
  }

  #settle(): void {
    while (this.core.hasEffects()) this.#carryOut(this.core.takeEffects());
  }

  #carryOut(effects: Effects): void {
    this.#messages.push(...effects.send);
    if (effects.append !== undefined) {
      this.pending.push(effects.append);
      const waits = this.#configuration.slowDisk && effects.append.mustSync;
      if (!waits && this.pending.length === 1) this.#complete();
    }
    if (effects.apply !== undefined) this.#apply(effects.apply);
    this.#reads.push(...effects.reads);
  }

  /** The oldest write is durable, and with it those after it that need no waiting. */
  #complete(): void {
    const work = this.pending.shift();
    if (work === undefined) return;
    const { hardState, entries, installSnapshot, afterDurable } = work;
    if (hardState !== undefined) this.hardState = hardState;
    for (const log of [this.disk, this.log]) {
      log.put(entries);
      if (installSnapshot !== undefined) log.install(installSnapshot);
    }
    if (installSnapshot !== undefined) {
      this.membership = installSnapshot.membership;
      this.applied = installSnapshot.id === "" ? [] : installSnapshot.id.split(",");
    }
    this.#messages.push(...afterDurable);
    this.core.appendDone(work.id);
  }

  #apply(work: NonNullable<Effects["apply"]>): void {
    for (const entry of work.entries) {
      // A snapshot that was installed meanwhile holds it already.
      if (entry.index <= this.applied.length + 1) continue;
      this.applied.push(entryText(entry));
      if (entry.kind !== "membership") continue;
      const changed = this.core.applyMembership(entry);
      if (!changed.ok) return;
      this.membership = changed.membership;
    }
    this.core.applyDone(work.id);
  }

  /** Snapshots are named by what they hold, so that whoever gets one knows it. */
  #snapshot(): void {
    const index = this.applied.length + 1;
    const term = this.log.term(index);
    if (index < this.log.firstIndex || typeof term !== "number") return;
    const info: SnapshotInfo = {
      index,
      term,
      membership: this.membership,
      id: this.applied.join(","),
      bytes: 0,
    };
    for (const log of [this.log, this.disk]) {
      log.newestSnapshot = info;
      log.compact(index);
    }
    this.core.snapshotReady();
  }
}
