import {
  type CoreSettings,
  createCore,
  type Decision,
  type Effects,
  type Entry,
  type LogView,
  type Membership,
  type MembershipChange,
  type PeerMessage,
  type RaftCore,
} from "@quorate/core";

/** A log in memory that begins after a snapshot at (term 1, index 1). */
class ShortLog implements LogView {
  readonly firstIndex = 2;
  readonly #entries: Entry[] = [];
  readonly #membership: Membership;

  constructor(membership: Membership) {
    this.#membership = membership;
  }

  get lastIndex(): number {
    return this.#entries.length + 1;
  }
  term(index: number): number | "compacted" | "unavailable" {
    if (index === 1) return 1;
    if (index < 1) return "compacted";
    return this.#entries[index - 2]?.term ?? "unavailable";
  }
  entries(low: number, high: number): readonly Entry[] | "compacted" | "unavailable" {
    if (low < 2) return "compacted";
    return high > this.lastIndex + 1 ? "unavailable" : this.#entries.slice(low - 2, high - 2);
  }
  snapshot() {
    return { term: 1, index: 1, membership: this.#membership, id: "first", bytes: 0 };
  }
  write(entries: readonly Entry[]): void {
    const first = entries[0];
    if (first === undefined) return;
    this.#entries.splice(first.index - 2);
    this.#entries.push(...entries);
  }
}

/** Real members, of which everything that they decide is kept, on disks without delay and links that can be cut. */
export class SmallCluster {
  readonly decisions: Decision[] = [];
  readonly messages: PeerMessage[] = [];
  /** Members whose disk does not answer. */
  readonly stuckDisks = new Set<number>();
  /** Members whose state machine does not answer. */
  readonly stuckMachines = new Set<number>();
  readonly #cores = new Map<number, RaftCore>();
  readonly #logs = new Map<number, ShortLog>();
  readonly #cut = new Set<number>();
  #random = 12_345;

  constructor(membership: Membership, settings: Partial<CoreSettings> = {}) {
    const ids = new Set([...membership.voters, ...membership.learners]);
    for (const id of ids) this.#start(id, membership, settings);
  }

  core(id: number): RaftCore {
    const core = this.#cores.get(id);
    if (core === undefined) throw new Error(`no member ${id}`);
    return core;
  }
  /** Nothing reaches it, and nothing it sends reaches anybody. */
  cut(...ids: readonly number[]): void {
    for (const id of ids) this.#cut.add(id);
  }
  heal(): void {
    this.#cut.clear();
  }

  /** Who leads the newest term. */
  get leader(): number {
    const leaders = [...this.#cores.values()]
      .map((core) => core.status())
      .filter(({ role }) => role === "leader")
      .sort((a, b) => b.term - a.term);
    const [leader] = leaders;
    if (leader === undefined) throw new Error("nobody leads");
    return leader.id;
  }
  elect(id: number): void {
    this.core(id).campaign();
    this.settle();
    if (this.core(id).status().role !== "leader") throw new Error(`${id} does not lead`);
  }
  /** Passes time at these members, or at all. */
  tick(ticks: number, ids: readonly number[] = [...this.#cores.keys()]): void {
    for (let i = 0; i < ticks; i++) {
      for (const id of ids) this.core(id).tick();
      this.settle();
    }
  }
  propose(id: number): ReturnType<RaftCore["propose"]> {
    const proposed = this.core(id).propose([{ kind: "command", payload: new Uint8Array(8) }]);
    this.settle();
    return proposed;
  }
  change(id: number, change: MembershipChange): ReturnType<RaftCore["proposeMembership"]> {
    const proposed = this.core(id).proposeMembership(change);
    this.settle();
    return proposed;
  }

  /** Lets everything happen that can without time passing. */
  settle(): void {
    let isBusy = true;
    while (isBusy) {
      isBusy = false;
      for (const [id, core] of this.#cores) {
        if (!core.hasEffects()) continue;
        isBusy = true;
        this.#carryOut(id, core, core.takeEffects());
      }
    }
  }

  #start(id: number, membership: Membership, settings: Partial<CoreSettings>): void {
    const log = new ShortLog(membership);
    this.#logs.set(id, log);
    const core = createCore(
      {
        electionTicks: 10,
        heartbeatTicks: 2,
        ...settings,
        id,
        random: () => this.#next(),
        onDecision: (decision) => this.decisions.push(decision),
      },
      { hardState: { term: 1, vote: 0, commit: 1 }, membership, applied: 1 },
      log,
    );
    this.#cores.set(id, core);
  }

  #carryOut(id: number, core: RaftCore, { send, append, apply }: Effects): void {
    this.#post(send);
    if (append !== undefined && !this.stuckDisks.has(id)) {
      this.#logs.get(id)?.write(append.entries);
      this.#post(append.afterDurable);
      core.appendDone(append.id);
    }
    if (apply !== undefined && !this.stuckMachines.has(id)) {
      for (const entry of apply.entries) {
        if (entry.kind === "membership") core.applyMembership(entry);
      }
      core.applyDone(apply.id);
    }
  }

  #post(messages: readonly PeerMessage[]): void {
    for (const message of messages) {
      this.messages.push(message);
      if (this.#cut.has(message.from) || this.#cut.has(message.to)) continue;
      this.#cores.get(message.to)?.step(message);
    }
  }

  #next(): number {
    this.#random = (this.#random * 16_807) % 2_147_483_647;
    return this.#random / 2_147_483_647;
  }
}
