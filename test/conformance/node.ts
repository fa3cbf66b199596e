import { Core } from "../../packages/core/src/core.ts";
import { createRaft } from "../../packages/core/src/create-core.ts";
import type { Effects } from "../../packages/core/src/effects.ts";
import type { PeerMessage, SnapshotInfo } from "../../packages/core/src/message.ts";
import type { CoreSettings } from "../../packages/core/src/options.ts";
import type { Raft } from "../../packages/core/src/raft.ts";
import type { Proposed } from "../../packages/core/src/raft-core.ts";
import { entriesApplied, entriesDurable } from "../../packages/core/src/step/acknowledge.ts";
import type { PendingAppend, PendingApply } from "../../packages/core/src/step/pending-work.ts";
import { stepOwn } from "../../packages/core/src/step/step.ts";
import type { Entry, HardState } from "../../packages/core/src/types.ts";
import { Reported } from "./arguments.ts";
import type { Output } from "./output.ts";
import {
  APPEND_THREAD,
  APPLY_THREAD,
  markOldForm,
  type PlainMessage,
  plainMessage,
  renderEntries,
  renderHardState,
  renderMessage,
  renderSnapshot,
  stateName,
} from "./render.ts";
import { Store } from "./store.ts";

/** A message on its way: between members, or the answer of a member's own storage. */
export type Parcel =
  | { readonly kind: "peer"; readonly message: PeerMessage; readonly plain: PlainMessage }
  | { readonly kind: "appended"; readonly work: PendingAppend; readonly plain: PlainMessage }
  | { readonly kind: "applied"; readonly work: PendingApply; readonly plain: PlainMessage };

interface AppendJob {
  readonly plain: PlainMessage;
  readonly hardState: HardState | undefined;
  readonly entries: readonly Entry[];
  readonly snapshot: SnapshotInfo | undefined;
  readonly responses: readonly Parcel[];
}
interface ApplyJob {
  readonly plain: PlainMessage;
  readonly entries: readonly Entry[];
  readonly responses: readonly Parcel[];
}

export interface NodeSetup {
  readonly settings: CoreSettings;
  readonly snapshot: SnapshotInfo;
  readonly asyncStorage: boolean;
  readonly output: Output;
}

export function peerParcel(message: PeerMessage): Parcel {
  return { kind: "peer", message, plain: plainMessage(message) };
}

/** One member of a test's cluster: a core, its log, a toy state machine, and the corpus's idea of a round of work. */
export class Node {
  readonly id: number;
  readonly asyncStorage: boolean;
  readonly store: Store;
  core: Core;
  raft: Raft;
  readonly appendJobs: AppendJob[] = [];
  readonly applyJobs: ApplyJob[] = [];
  readonly #output: Output;
  /** One snapshot per applied entry; the last is what the state machine holds. */
  readonly #history: SnapshotInfo[];
  readonly #settings: CoreSettings;
  #told: { lead: number; state: string };
  #toldHardState: HardState;
  #storedHardState: HardState = { term: 0, vote: 0, commit: 0 };

  constructor({ settings, snapshot, asyncStorage, output }: NodeSetup) {
    this.id = settings.id;
    this.#settings = settings;
    this.asyncStorage = asyncStorage;
    this.#output = output;
    this.#history = [snapshot];
    this.store = new Store(() => this.snapshot);
    if (snapshot.index > 0) this.store.applySnapshot(snapshot);
    this.raft = this.#start();
    this.core = new Core(this.raft);
    this.#told = this.#softState();
    this.#toldHardState = { term: 0, vote: 0, commit: snapshot.index };
  }

  /** Power is cut: what the storage threads had not done is gone, the rest is read again. */
  restart(): void {
    this.appendJobs.length = 0;
    this.applyJobs.length = 0;
    this.raft = this.#start();
    this.core = new Core(this.raft);
    this.#told = this.#softState();
    const { term, vote, commit } = this.core.status();
    this.#toldHardState = { term, vote, commit };
  }

  /** Starts again with entries of these terms after what the log holds, as if an earlier life had left them. */
  load(terms: readonly number[], currentTerm: number): void {
    const first = this.store.lastIndex + 1;
    const entries = terms.map((term, at): Entry => {
      const payload = new TextEncoder().encode(`t${term}`);
      return { term, index: first + at, kind: "command", payload };
    });
    this.#store({ ...this.#storedHardState, term: currentTerm, vote: 0 }, entries, undefined);
    this.restart();
  }

  #start(): Raft {
    const { index, membership } = this.snapshot;
    const restored = {
      hardState: this.#storedHardState,
      membership: sorted(membership),
      applied: index,
    };
    return createRaft(this.#settings, restored, this.store);
  }

  get snapshot(): SnapshotInfo {
    return this.#history.at(-1) as SnapshotInfo;
  }

  proposeChange(payload: Uint8Array, form: "oldForm" | "newForm"): Proposed {
    if (form === "oldForm") markOldForm(payload);
    return this.core.propose([{ kind: "membership", payload }]);
  }

  /** Takes one batch of effects, prints it, and does or queues its work. Returns what is to be delivered. */
  handleReady(): readonly Parcel[] {
    const effects = this.core.takeEffects();
    const storage = this.asyncStorage ? this.#storageJobs(effects) : undefined;
    const sent = effects.send.map(peerParcel);
    const late = this.asyncStorage ? [] : (effects.append?.afterDurable ?? []).map(peerParcel);
    const jobs = [...(storage?.append ?? []), ...(storage?.apply ?? [])];
    this.#print(
      effects,
      [...sent, ...late].map(({ plain }) => plain).concat(jobs.map((job) => job.plain)),
    );
    if (storage === undefined) {
      const { hardState, entries = [], installSnapshot } = effects.append ?? {};
      this.#store(hardState, entries, installSnapshot);
      this.#apply(effects.apply?.entries ?? []);
      if (effects.append !== undefined) this.core.appendDone(effects.append.id);
      if (effects.apply !== undefined) this.core.applyDone(effects.apply.id);
    } else {
      this.appendJobs.push(...storage.append);
      this.applyJobs.push(...storage.apply);
    }
    this.assertSound();
    return [...sent, ...late];
  }

  processAppend(job: AppendJob): readonly Parcel[] {
    const { responses: _, ...plain } = job.plain;
    this.#output.write(`Processing:\n${renderMessage(plain)}\n`);
    this.#store(job.hardState, job.entries, job.snapshot);
    const { hardState } = job;
    if (hardState !== undefined) this.raft.standing.durableTo(hardState.term, hardState.vote);
    return this.#printResponses(job.responses);
  }

  processApply(job: ApplyJob): readonly Parcel[] {
    const { responses: _, ...plain } = job.plain;
    this.#output.write(`Processing:\n${renderMessage(plain)}\n`);
    this.#apply(job.entries);
    return this.#printResponses(job.responses);
  }

  /** Returns the error's text when there is one. */
  deliver(parcel: Parcel): string | undefined {
    const fault = this.#deliver(parcel);
    this.assertSound();
    return fault;
  }

  #deliver(parcel: Parcel): string | undefined {
    if (parcel.kind === "appended") {
      entriesDurable(this.raft, parcel.work);
    } else if (parcel.kind === "applied") {
      const { entries, last, weight } = parcel.work;
      entriesApplied(this.raft, entries, last, weight);
    } else if (parcel.message.from === this.id) {
      if (!this.raft.membership.roster.includes(this.id))
        return "raft: cannot step as peer not found";
      stepOwn(this.raft, parcel.message);
    } else {
      const stepped = this.core.step(parcel.message);
      if (!stepped.ok && stepped.reason === "unknownPeer")
        return "raft: cannot step as peer not found";
      if (!stepped.ok) return `refused: ${stepped.reason}`;
    }
    return undefined;
  }

  /**
   * With asynchronous storage a test delivers a member's own acknowledgement and the news that its disk is done apart,
   * which the core itself never does: between the two, what it counts is ahead of what it knows to be durable.
   */
  assertSound(): void {
    if (!this.asyncStorage) this.core.checkInvariants();
  }

  #store(
    hardState: HardState | undefined,
    entries: readonly Entry[],
    snapshot: SnapshotInfo | undefined,
  ): void {
    if (hardState !== undefined) this.#storedHardState = hardState;
    if (snapshot === undefined) {
      this.store.append(entries);
      return;
    }
    if (entries.length > 0) throw new Reported("can't apply snapshot and entries at the same time");
    const fault = this.store.applySnapshot(snapshot);
    if (fault !== undefined) throw new Reported(fault);
  }

  #apply(entries: readonly Entry[]): void {
    for (const entry of entries) {
      let { membership } = this.snapshot;
      if (entry.kind === "membership") {
        const applied = this.core.applyMembership(entry);
        if (!applied.ok) throw new Error(`stopped: ${this.core.status().stopped}`);
        membership = applied.membership;
      }
      this.#history.push({ index: entry.index, term: entry.term, membership, id: "", bytes: 0 });
    }
  }

  #printResponses(responses: readonly Parcel[]): readonly Parcel[] {
    this.#output.write("Responses:\n");
    for (const { plain } of responses) this.#output.write(`${renderMessage(plain)}\n`);
    return responses;
  }

  #softState(): { lead: number; state: string } {
    const { leader, role } = this.core.status();
    return { lead: leader, state: stateName(role) };
  }

  #print(effects: Effects, messages: readonly PlainMessage[]): void {
    const soft = this.#softState();
    const { lead, state } = this.#told;
    let body = "";
    if (soft.lead !== lead || soft.state !== state)
      body += `Lead:${soft.lead} State:${soft.state}\n`;
    this.#told = soft;
    const hardState = effects.append?.hardState;
    const entries = effects.append?.entries ?? [];
    const before = this.#toldHardState;
    const mustSync =
      entries.length > 0 ||
      (hardState !== undefined &&
        (hardState.term !== before.term || hardState.vote !== before.vote));
    if (hardState !== undefined) {
      body += `HardState ${renderHardState(hardState)}\n`;
      this.#toldHardState = hardState;
    }
    if (effects.reads.length > 0) {
      const reads = effects.reads.map(({ index, requestId }) => `{${index} [${requestId}]}`);
      body += `ReadStates [${reads.join(" ")}]\n`;
    }
    if (entries.length > 0) body += `Entries:\n${renderEntries(entries)}`;
    const snapshot = effects.append?.installSnapshot;
    if (snapshot !== undefined) body += `Snapshot ${renderSnapshot(snapshot)}\n`;
    if (effects.apply !== undefined) {
      body += `CommittedEntries:\n${renderEntries(effects.apply.entries)}`;
    }
    if (messages.length > 0) {
      body += `Messages:\n${messages.map((message) => `${renderMessage(message)}\n`).join("")}`;
    }
    this.#output.write(body === "" ? "<empty Ready>" : `Ready MustSync=${mustSync}:\n${body}`);
  }

  /** The work of a batch as messages to two storage threads. */
  #storageJobs({ append, apply }: Effects): { append: AppendJob[]; apply: ApplyJob[] } {
    const jobs: { append: AppendJob[]; apply: ApplyJob[] } = { append: [], apply: [] };
    if (append !== undefined) jobs.append.push(this.#appendJob(append));
    if (apply !== undefined) {
      const work = this.core.pendingApplies.at(-1) as PendingApply;
      const done: PlainMessage = {
        type: "MsgStorageApplyResp",
        from: APPLY_THREAD,
        to: this.id,
        entries: apply.entries,
      };
      const responses: Parcel[] = [{ kind: "applied", work, plain: done }];
      const plain: PlainMessage = {
        type: "MsgStorageApply",
        from: this.id,
        to: APPLY_THREAD,
        entries: apply.entries,
        responses: [done],
      };
      jobs.apply.push({ plain, entries: apply.entries, responses });
    }
    return jobs;
  }

  #appendJob({ hardState, entries, installSnapshot }: NonNullable<Effects["append"]>): AppendJob {
    const work = this.core.pendingAppends.at(-1) as PendingAppend;
    const responses = work.messages.map(peerParcel);
    if (work.last !== undefined || work.snapshot !== undefined) {
      const plain: PlainMessage = {
        type: "MsgStorageAppendResp",
        from: APPEND_THREAD,
        to: this.id,
        term: work.term,
        logTerm: work.last?.term ?? 0,
        index: work.last?.index ?? 0,
        snapshot: work.snapshot,
      };
      responses.push({ kind: "appended", work, plain });
    }
    const plain: PlainMessage = {
      type: "MsgStorageAppend",
      from: this.id,
      to: APPEND_THREAD,
      ...hardState,
      entries,
      snapshot: installSnapshot,
      responses: responses.map((response) => response.plain),
    };
    return { plain, hardState, entries, snapshot: installSnapshot, responses };
  }
}

function sorted(membership: SnapshotInfo["membership"]): SnapshotInfo["membership"] {
  const ascending = (members: readonly number[]): number[] => [...members].sort((a, b) => a - b);
  return {
    voters: ascending(membership.voters),
    outgoing: ascending(membership.outgoing),
    learners: ascending(membership.learners),
    learnersNext: ascending(membership.learnersNext),
    autoLeave: membership.autoLeave,
  };
}
