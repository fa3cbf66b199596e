import type { Committed } from "@quorate/host";
import type { KvCommand, KvResult } from "@quorate/kv";
import { KeyHistory, type RevisionChanges } from "../checkers/key-history.ts";
import { REPLICA_CHECKER, ReplicaStates } from "../checkers/replica-states.ts";
import type { Violation } from "../checkers/violation.ts";
import { validateWatch, WATCH_CHECKER } from "../checkers/watch-validator.ts";
import { CHRONICLE_CHECKER } from "../oracles/chronicle.ts";
import { type Expected, ReferenceStore } from "../oracles/reference-store.ts";
import { shownResult } from "../oracles/shown-result.ts";
import { Random } from "../random/random.ts";
import { CommandDraw } from "./draw-command.ts";
import { LabReplica, type LabWatcher } from "./lab-replica.ts";

const REPLICAS = 3;
const STEPS = 400;
const TERM = 1;
/** Watchers per replica, at most. */
const WATCHERS_MAX = 3;

/** What a run of machines came to. */
export interface MachineRunResult {
  readonly violations: readonly Violation[];
  readonly commands: number;
  readonly restarts: number;
  readonly restores: number;
  readonly watched: number;
  readonly renewals: number;
  /** Numbers of the steps that were done. */
  readonly steps: readonly number[];
}

/**
 * Key-value machines without anything around them: each applies the same commands at its own pace, is flushed, loses its
 * memory, is restored from another and is watched. All of them are held against the reference and against each other.
 */
export async function runMachines(
  seed: number,
  leftOut: ReadonlySet<number> = new Set(),
): Promise<MachineRunResult> {
  const lab = new MachineLab(Random.fromSeed(seed).split("machines"));
  for (let step = 0; step < STEPS && lab.violations.length === 0; step += 1) {
    if (!leftOut.has(step)) await lab.step(step);
  }
  if (lab.violations.length === 0) await lab.finish();
  return lab;
}

class MachineLab implements MachineRunResult {
  readonly steps: number[] = [];
  readonly #seeded: Random;
  /** Of the step that is being done: leaving one out changes nothing about the others. */
  #random: Random;
  readonly #reference: ReferenceStore = new ReferenceStore();
  readonly #draw: CommandDraw;
  readonly #replicas: readonly LabReplica[];
  readonly #states: ReplicaStates = new ReplicaStates();
  readonly #log: Committed<KvCommand>[] = [];
  readonly #expected: Expected[] = [];
  readonly #revisions: RevisionChanges[] = [];
  /** By index: the result as the first replica gave it, and the order in which a revision's changes were told. */
  readonly #results: Map<number, string> = new Map();
  readonly #told: Map<number, string> = new Map();
  readonly #found: Violation[] = [];
  #nowMs = 0;
  restarts = 0;
  restores = 0;
  watched = 0;
  renewals = 0;

  constructor(random: Random) {
    this.#seeded = random;
    this.#random = random;
    this.#draw = new CommandDraw(random.split("commands"), this.#reference);
    this.#replicas = Array.from({ length: REPLICAS }, (_, at) => new LabReplica(at + 1));
    this.#replicas[0]?.machine.leaseClock.promote(0, 0, 1);
  }

  get violations(): readonly Violation[] {
    return [...this.#found, ...this.#states.violations];
  }

  get commands(): number {
    return this.#log.length;
  }

  async step(number: number): Promise<void> {
    this.steps.push(number);
    this.#random = this.#seeded.split(`step ${number}`);
    this.#draw.drawFrom(this.#random.split("command"));
    const replica = this.#random.pick(this.#replicas);
    switch (this.#random.weighted([8, 10, 6, 2, 1, 1, 2, 6, 2])) {
      case 0:
        this.#agree();
        return;
      case 1:
        this.#apply(replica, this.#random.between(1, 6));
        return;
      case 2:
        return replica.work(this.#random.between(1, 6));
      case 3:
        replica.flush();
        return;
      case 4:
        return this.#restart(replica);
      case 5:
        return this.#restore(replica);
      case 6:
        this.#watch(replica);
        return;
      case 7:
        for (const watcher of replica.watchers) this.#take(replica, watcher);
        return;
      default:
        this.#renew();
    }
  }

  /** Everybody applies everything and everything is told; then all must be equal. */
  async finish(): Promise<void> {
    for (const replica of this.#replicas) {
      this.#apply(replica, this.#log.length);
      for (let round = 0; round < 50; round += 1) {
        await replica.work(20);
        for (const watcher of [...replica.watchers]) this.#take(replica, watcher);
      }
      for (const { told, startRevision } of replica.watchers) {
        const newest = this.#revisions.at(-1)?.revision ?? 0;
        const last = told.at(-1)?.revision ?? 0;
        if (newest >= startRevision && last < newest) {
          this.#report(
            WATCH_CHECKER,
            `a watcher of replica ${replica.number} was told ${last} of ${newest} revisions`,
          );
        }
      }
    }
  }

  #report(checker: string, message: string): void {
    this.#found.push({ checker, message });
  }

  #agree(): void {
    const command = this.#draw.next();
    const index = this.#log.length + 1;
    this.#log.push({ term: TERM, index, slot: 0, command, proposedAtMs: index });
    const expected = this.#reference.apply(command);
    this.#expected.push(expected);
    if (expected.changes.length > 0) {
      this.#revisions.push({ revision: expected.revision, changes: expected.changes });
    }
  }

  #apply(replica: LabReplica, most: number): void {
    const from = replica.position.index;
    const batch = this.#log.slice(from, from + most);
    if (batch.length === 0) return;
    const results = replica.apply(batch) as readonly KvResult[];
    for (const [at, { index, command }] of batch.entries()) {
      this.#compare(replica, index, command, results[at] as KvResult);
    }
    this.#states.see(
      `replica ${replica.number}`,
      replica.position.index,
      replica.machine.status().stateHash,
    );
  }

  #compare(replica: LabReplica, index: number, command: KvCommand, result: KvResult): void {
    const shown = shownResult(result);
    const first = this.#results.get(index);
    if (first === undefined) this.#results.set(index, shown);
    else if (first !== shown) {
      this.#report(
        REPLICA_CHECKER,
        `replica ${replica.number} answers ${index} (${command.type}) with "${shown}", another one with "${first}"`,
      );
    }
    const { answer } = this.#expected[index - 1] as Expected;
    const isError = result.type === "error";
    if (isError ? !answer.startsWith(`${shown} @`) : shown !== answer) {
      this.#report(
        CHRONICLE_CHECKER,
        `replica ${replica.number} answers ${index} (${command.type}) with "${shown}", right is "${answer}"`,
      );
    }
  }

  async #restart(replica: LabReplica): Promise<void> {
    this.restarts += 1;
    await replica.restart();
    this.#checkOpened(replica, "restarted");
  }

  async #restore(replica: LabReplica): Promise<void> {
    const other = this.#random.pick(this.#replicas);
    if (other === replica || other.position.index <= replica.position.index) return;
    this.restores += 1;
    await replica.restoreFrom(other);
    this.#checkOpened(replica, "restored");
  }

  /** Its state is that of its position, no older and no newer. */
  #checkOpened(replica: LabReplica, how: string): void {
    const { index } = replica.position;
    const status = replica.machine.status();
    const revision = index === 0 ? 1 : (this.#expected[index - 1] as Expected).revision;
    if (status.revision !== revision) {
      this.#report(
        "revisions never go back",
        `replica ${replica.number}, ${how} at ${index}, is at revision ${status.revision} instead of ${revision}`,
      );
    }
    if (index > 0) this.#states.see(`replica ${replica.number} ${how}`, index, status.stateHash);
    if (replica.number === 1) replica.machine.leaseClock.promote(this.#nowMs, 0, 1);
  }

  #watch(replica: LabReplica): void {
    if (replica.watchers.length >= WATCHERS_MAX) {
      replica.watchers.shift()?.stream.close();
    }
    const { revision } = replica.machine;
    const start = this.#random.pick([0, 1, revision, revision + 1, revision + 3, revision - 3]);
    this.watched += 1;
    replica.watch(Math.max(0, start), this.#random.chance(0.5));
  }

  #take(replica: LabReplica, watcher: LabWatcher): void {
    if (this.#random.chance(0.3)) watcher.stream.requestProgress();
    const from = watcher.told.length;
    if (!replica.take(watcher, this.#random.pick([1, 100, 10_000]))) {
      replica.watchers = replica.watchers.filter((other) => other !== watcher);
    }
    this.#compareOrder(replica, watcher, from);
    const history = new KeyHistory(this.#revisions);
    const name = `of replica ${replica.number}`;
    const { startRevision, items } = watcher;
    const record = { watcher: name, startRevision, matches: () => true, items };
    this.#found.push(...validateWatch(record, history));
  }

  /** Within a revision changes have an order, and it is the same on every replica. */
  #compareOrder(replica: LabReplica, { told }: LabWatcher, from: number): void {
    for (let at = from; at < told.length; ) {
      const { revision } = told[at] as (typeof told)[number];
      let end = at;
      while (told[end]?.revision === revision) end += 1;
      const order = told
        .slice(at, end)
        .map(({ key }) => key)
        .join(" ");
      const known = this.#told.get(revision);
      if (known === undefined) this.#told.set(revision, order);
      else if (known !== order) {
        this.#report(
          REPLICA_CHECKER,
          `replica ${replica.number} tells revision ${revision} as ${order}, another one as ${known}`,
        );
      }
      at = end;
    }
  }

  /** The first replica counts leases down, so slowly that none ends by itself. */
  #renew(): void {
    const [leader] = this.#replicas;
    if (leader === undefined) return;
    this.#nowMs += 1;
    const id = this.#draw.lease();
    const { index } = leader.position;
    let exists = false;
    for (let at = 0; at < index; at += 1) {
      const { command } = this.#log[at] as Committed<KvCommand>;
      if (command.type === "leaseGrant" && command.id === id) exists = true;
      if (command.type === "leaseRevoke" && command.id === id) exists = false;
    }
    const renewal = leader.machine.leaseClock.renew(id, this.#nowMs);
    this.renewals += 1;
    if (exists !== (renewal.type === "renewed")) {
      this.#report(
        "leases live as long as they should",
        `lease ${id} ${exists ? "exists" : "does not exist"} at ${index}, and its renewal is ${renewal.type}`,
      );
    }
  }
}
