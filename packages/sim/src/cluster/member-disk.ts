import type { AppendWork, HardState, MemberId, Membership, SnapshotInfo } from "@quorate/core";
import { LogPrints, printAfter } from "../invariants/prints.ts";
import type { Random } from "../random/random.ts";
import { commandOf } from "./command.ts";
import { EMPTY_STATE, type MachineState, RegisterMachine } from "./machine.ts";
import { MemberLog } from "./member-log.ts";

export const NO_MEMBERSHIP: Membership = {
  voters: [],
  outgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
};

/** A machine's state that survives, and everything the member must know with it. */
export interface Checkpoint {
  readonly index: number;
  readonly term: number;
  /** Print of the log up to `index`. */
  readonly print: number;
  readonly membership: Membership;
  readonly state: MachineState;
}

export interface StoredSnapshot extends Checkpoint {
  readonly info: SnapshotInfo;
}

const NOTHING: Checkpoint = {
  index: 0,
  term: 0,
  print: 0,
  membership: NO_MEMBERSHIP,
  state: EMPTY_STATE,
};

/**
 * What a member's disk holds after power loss, as opposed to what its running core was told. Works that need no sync
 * stay in between until a later one is synced.
 */
export class MemberDisk {
  log: MemberLog = new MemberLog();
  prints: LogPrints = new LogPrints();
  hardState: HardState = { term: 0, vote: 0, commit: 0 };
  /** Where the machine would start again. */
  checkpoint: Checkpoint = NOTHING;
  /** Acknowledged without a sync: a power loss may take them back, the newest first. */
  #unsynced: AppendWork[] = [];
  readonly snapshots: Map<string, StoredSnapshot> = new Map();

  /** The core is told that `work` is done. */
  finish(work: AppendWork): void {
    this.#unsynced.push(work);
    if (!work.mustSync) return;
    for (const done of this.#unsynced) this.#store(done);
    this.#unsynced = [];
  }

  /** Power loss while `started` works were under way: an unsynced work stays only with all works before it. */
  crash(started: readonly AppendWork[], random: Random, unsynced?: "lost" | "kept"): number {
    const open = [...this.#unsynced, ...started];
    const drawn = random.integer(open.length + 1);
    const kept = unsynced === undefined ? drawn : unsynced === "kept" ? open.length : 0;
    for (const work of open.slice(0, kept)) this.#store(work);
    this.#unsynced = [];
    return kept;
  }

  store(snapshot: StoredSnapshot): void {
    this.snapshots.set(snapshot.info.id, snapshot);
    const newest = this.log.newestSnapshot;
    if (newest === undefined || snapshot.index > newest.index) {
      this.log.newestSnapshot = snapshot.info;
    }
    this.keep(snapshot);
  }

  keep(checkpoint: Checkpoint): void {
    if (checkpoint.index > this.checkpoint.index) this.checkpoint = checkpoint;
  }

  /** Rewritten offline: everything in the log counts as committed, and the owner is the only member of a new group. */
  recoverAlone(id: MemberId): StoredSnapshot {
    const machine = new RegisterMachine(this.checkpoint.state);
    let { index, term, print } = this.checkpoint;
    for (const entry of this.log.held) {
      if (entry.index <= index) continue;
      const command = commandOf(entry);
      if (command !== undefined) machine.apply(command);
      print = printAfter(print, entry);
      index = entry.index;
      term = entry.term;
    }
    const membership: Membership = { ...NO_MEMBERSHIP, voters: [id] };
    const info: SnapshotInfo = { index, term, membership, id: `recovered-${index}`, bytes: 0 };
    const stored = { info, index, term, print, membership, state: machine.state() };
    this.snapshots.set(info.id, stored);
    this.log.install(info);
    this.prints.restart(index, print, term);
    this.checkpoint = stored;
    this.hardState = { term: this.hardState.term + 1, vote: 0, commit: index };
    return stored;
  }

  #store(work: AppendWork): void {
    if (work.hardState !== undefined) this.hardState = work.hardState;
    const { installSnapshot } = work;
    if (installSnapshot !== undefined) {
      this.log.install(installSnapshot);
      const stored = this.snapshots.get(installSnapshot.id);
      if (stored !== undefined) {
        this.prints.restart(stored.index, stored.print, stored.term);
        this.checkpoint = stored;
      }
    }
    this.log.put(work.entries);
    this.prints.put(work.entries);
  }
}
