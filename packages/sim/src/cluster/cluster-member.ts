import {
  type AppendWork,
  createCore,
  type Effects,
  type Entry,
  type HardState,
  type LogIndex,
  type MemberId,
  type Membership,
  type PeerMessage,
  type RaftCore,
  type SnapshotInfo,
} from "@quorate/core";
import { checkCore, shownMessage } from "../invariants/check-core.ts";
import type { MemberFacts } from "../invariants/member-facts.ts";
import { LogPrints } from "../invariants/prints.ts";
import type { Random } from "../random/random.ts";
import { breakRules, coreSettingsOf, isBroken } from "../switches/break-rules.ts";
import type { Appointment } from "../time/agenda.ts";
import { RegisterMachine } from "./machine.ts";
import { MemberApplier, NOTHING_APPLIED } from "./member-applier.ts";
import { MemberDisk, type StoredSnapshot } from "./member-disk.ts";
import type { MemberLog } from "./member-log.ts";
import { decisionListener, type MemberWorld } from "./member-world.ts";
import { MemberWriter } from "./member-writer.ts";

type Power = "down" | "up" | "paused";

/** Messages a paused process keeps in its sockets; more are lost. */
const PAUSED_INBOX_MAX = 10_000;

/** One member: a real core, a virtual disk under it and a state machine on top of it. */
export class ClusterMember implements MemberFacts {
  readonly id: MemberId;
  disk: MemberDisk = new MemberDisk();
  prints: LogPrints = new LogPrints();
  wasWiped = false;
  /** Its group was given up and recovered without it: it belongs to nobody any more. */
  isLeftBehind = false;
  /** Virtual milliseconds of this member per millisecond of the world. */
  clockRate = 1;
  /** Added to every write. */
  diskExtraMs = 0;
  readonly #world: MemberWorld;
  readonly #random: Random;
  #power: Power = "down";
  #life = 0;
  #core: RaftCore | undefined;
  #log: MemberLog = this.disk.log;
  #applier: MemberApplier;
  #writer: MemberWriter;
  #ticking: Appointment | undefined;
  #snapshotAt: LogIndex = 0;
  #whilePaused: (() => void)[] = [];
  #isDriving = false;

  constructor(id: MemberId, world: MemberWorld, random: Random) {
    this.id = id;
    this.#world = world;
    this.#random = random;
    this.#applier = this.#newApplier(new RegisterMachine());
    this.#writer = this.#newWriter();
  }

  get machine(): RegisterMachine {
    return this.#applier.machine;
  }

  get applied(): LogIndex {
    return this.#applier.index;
  }

  /** In force here. */
  get membership(): Membership {
    return this.#applier.membership;
  }

  get power(): Power {
    return this.#power;
  }

  get isUp(): boolean {
    return this.#power === "up";
  }

  /** Undefined while the process is down. */
  get core(): RaftCore | undefined {
    return this.#core;
  }

  get durablePrints(): LogPrints {
    return this.disk.prints;
  }

  get durableHardState(): HardState {
    return this.disk.hardState;
  }

  /** Entries the member holds, oldest first. */
  get entries(): readonly Entry[] {
    return this.#log.held;
  }

  /** Entries on their way to its disk. */
  get entriesBeingWritten(): readonly Entry[] {
    return this.#writer.works.flatMap((work) => work.entries);
  }

  start(): void {
    if (this.#power !== "down") return;
    const { settings, ledger, emit } = this.#world;
    const { disk } = this;
    const { checkpoint } = disk;
    // Whoever lost its disk may have promised anything: it does not come back under its old number.
    if (this.isLeftBehind) return;
    if (this.wasWiped && !isBroken(settings, "trustWipedMember")) return;
    this.#life += 1;
    this.#power = "up";
    this.#log = disk.log.copy();
    this.#log.coldRead = (reader) =>
      reader !== this.id && this.#random.chance(settings.coldReadRate);
    this.prints = disk.prints.copy();
    const remembers = !isBroken(settings, "forgetSessions");
    this.#applier = this.#newApplier(new RegisterMachine(checkpoint.state, remembers));
    this.#applier.standAt(checkpoint);
    this.#snapshotAt = checkpoint.index;
    ledger.started(this);
    emit?.({ type: "started", member: this.id });
    const { hardState } = disk;
    const real = createCore(
      {
        ...coreSettingsOf(settings),
        id: this.id,
        random: () => this.#random.next(),
        onDecision: decisionListener(this.#world, this.id),
      },
      {
        hardState: isBroken(settings, "forgetVote") ? { ...hardState, vote: 0 } : hardState,
        membership: checkpoint.membership,
        applied: checkpoint.index,
      },
      this.#log,
    );
    this.#core = breakRules(real, this.#log, settings);
    this.call(() => undefined);
    this.#scheduleTick(this.#random.next());
  }

  /** The process ends, and with it whatever its disk had not made durable. */
  crash(unsynced?: "lost" | "kept"): void {
    if (this.#power === "down") return;
    this.#power = "down";
    this.#life += 1;
    this.#ticking?.cancel();
    this.#world.ledger.trace?.ended(this.id, this.#core?.status());
    this.#core = undefined;
    const { works } = this.#writer;
    const kept = this.disk.crash(works, this.#random, unsynced);
    this.#world.counters.count("unsyncedLost", Math.max(0, works.length - kept));
    this.#writer = this.#newWriter();
    this.#whilePaused = [];
    this.#world.emit?.({ type: "crashed", member: this.id });
  }

  /** Its disk is lost with everything on it. */
  wipe(): void {
    this.crash();
    this.disk = new MemberDisk();
    this.prints = new LogPrints();
    this.#applier.standAt(NOTHING_APPLIED);
    this.wasWiped = true;
    this.#world.ledger.wiped(this.id);
    this.#world.emit?.({ type: "wiped", member: this.id });
  }

  pause(): void {
    if (this.#power !== "up") return;
    this.#power = "paused";
    this.#world.emit?.({ type: "paused", member: this.id });
  }

  /** Whatever came meanwhile is handled first; of all the ticks that were missed there is one. */
  resume(): void {
    if (this.#power !== "paused") return;
    this.#power = "up";
    this.#world.emit?.({ type: "resumed", member: this.id });
    const missed = this.#whilePaused;
    this.#whilePaused = [];
    for (const event of missed) if (this.#power === "up") event();
  }

  receive(message: PeerMessage, cargo: unknown): void {
    if (this.#power === "paused") {
      if (this.#whilePaused.length < PAUSED_INBOX_MAX) {
        this.#whilePaused.push(() => this.receive(message, cargo));
      }
      return;
    }
    if (message.type === "snapshot" && cargo !== undefined) {
      const stored = cargo as StoredSnapshot;
      if (!this.disk.snapshots.has(stored.info.id)) {
        this.disk.snapshots.set(stored.info.id, stored);
      }
    }
    const stepped = this.call((core) => core.step(message));
    if (stepped?.ok === true) this.#world.ledger.heard(this, message);
    if (stepped !== undefined && !stepped.ok && stepped.reason === "malformed") {
      this.#world.ledger.report(
        "messages of honest members are sound",
        `member ${this.id} refuses ${shownMessage(message)}`,
      );
    }
  }

  /** Asks for a linearizable read; `readable` of the world is called when the machine may be read. */
  askRead(requestId: number): boolean {
    if (this.#power !== "up") return false;
    this.#world.ledger.readAsked(this.id, requestId);
    return this.call((core) => core.readIndex(requestId))?.ok === true;
  }

  /** Calls the core, carries out what it wants, and checks everything. Undefined when the process does not run. */
  call<T>(run: (core: RaftCore) => T): T | undefined {
    const core = this.#core;
    if (core === undefined || this.#power !== "up") return undefined;
    const result = run(core);
    if (this.#isDriving) return result;
    this.#isDriving = true;
    try {
      while (this.#core === core && core.hasEffects()) this.#carryOut(core.takeEffects());
      this.#fetchCold();
      checkCore(core, this.id, this.#world.ledger);
    } finally {
      this.#isDriving = false;
    }
    return result;
  }

  /** Tells the core something that its process learned by itself; a paused process learns of it when it goes on. */
  tell(run: (core: RaftCore) => void): void {
    if (this.#power === "paused") this.#whilePaused.push(() => this.tell(run));
    else this.call(run);
  }

  /** Takes a snapshot of what is applied, and drops the log behind it but for `keep` entries. */
  takeSnapshot(keep: number): void {
    if (this.#power !== "up" || this.applied <= this.#snapshotAt) return;
    this.#snapshotAt = this.applied;
    const checkpoint = this.#applier.checkpoint();
    const { index, term, membership } = checkpoint;
    const info: SnapshotInfo = { index, term, membership, id: `${this.id}-${index}`, bytes: 0 };
    const stored: StoredSnapshot = { ...checkpoint, info };
    this.#later(this.#diskTime() * 3, () => {
      this.disk.store(stored);
      if (index > (this.#log.newestSnapshot?.index ?? 0)) this.#log.newestSnapshot = info;
      this.disk.log.compact(index - keep);
      this.#log.compact(index - keep);
      this.#world.emit?.({ type: "snapshotTaken", member: this.id, index });
      this.call((core) => core.snapshotReady());
    });
  }

  #carryOut(effects: Effects): void {
    const { ledger } = this.#world;
    const { append } = effects;
    ledger.beforeBatch(this, effects);
    if (append !== undefined) this.#takeIntoLog(append);
    ledger.afterBatch(this, effects);
    for (const message of effects.send) this.#send(message);
    if (append !== undefined) this.#write(append);
    if (effects.apply !== undefined) this.#applier.apply(effects.apply);
    for (const { requestId, index } of effects.reads) {
      ledger.readConfirmed(this.id, requestId, index);
      this.#applier.readAt(requestId, index);
    }
    this.#applier.serveReads();
  }

  #takeIntoLog(append: AppendWork): void {
    const { installSnapshot, entries } = append;
    if (installSnapshot !== undefined) {
      const stored = this.disk.snapshots.get(installSnapshot.id);
      this.prints.restart(installSnapshot.index, stored?.print ?? 0, installSnapshot.term);
    }
    if (!this.prints.put(entries)) {
      this.#world.ledger.report(
        "no gaps",
        `member ${this.id} writes ${entries[0]?.index} into a log of ${this.prints.base + 1} to ${this.prints.last}`,
      );
    }
  }

  #send(message: PeerMessage): void {
    this.#world.ledger.left(this, message);
    const cargo =
      message.type === "snapshot" ? this.disk.snapshots.get(message.snapshot.id) : undefined;
    this.#world.send(message, cargo);
  }

  #write(work: AppendWork): void {
    if (isBroken(this.#world.settings, "answerBeforeSync")) this.#later(0, () => this.#said(work));
    this.#writer.write(work);
  }

  #written(work: AppendWork): void {
    this.disk.finish(work);
    this.#world.ledger.durable(this, work);
    this.#world.emit?.({ type: "durable", member: this.id, last: this.disk.log.lastIndex });
    if (!isBroken(this.#world.settings, "answerBeforeSync")) this.#said(work);
  }

  /** The core is told that `work` is durable, and what waited for it leaves. */
  #said(work: AppendWork): void {
    const { installSnapshot } = work;
    if (installSnapshot !== undefined) this.#install(installSnapshot);
    this.#log.put(work.entries);
    for (const message of work.afterDurable) this.#send(message);
    this.call((core) => core.appendDone(work.id));
  }

  #install(info: SnapshotInfo): void {
    this.#log.install(info);
    const stored = this.disk.snapshots.get(info.id);
    if (stored === undefined || info.index <= this.applied) return;
    this.machine.restore(stored.state);
    this.#applier.standAt({ ...info, print: stored.print });
    this.#snapshotAt = info.index;
    this.#world.ledger.memberships.restored(this.id, info.index, info.membership);
    this.#world.emit?.({ type: "snapshotInstalled", member: this.id, index: info.index });
  }

  #saveSometimes(): void {
    const { snapshotEvery, keepEntries, checkpointEvery } = this.#world.settings;
    if (snapshotEvery > 0 && this.applied - this.#snapshotAt >= snapshotEvery) {
      this.takeSnapshot(keepEntries);
    }
    if (checkpointEvery > 0 && this.applied - this.disk.checkpoint.index >= checkpointEvery) {
      this.disk.keep(this.#applier.checkpoint());
    }
  }

  #fetchCold(): void {
    const log = this.#log;
    if (log.waiting.size > 0) {
      const readers = [...log.waiting];
      log.waiting.clear();
      this.#later(this.#diskTime(), () => {
        for (const reader of readers) this.call((core) => core.entriesLoaded(reader));
      });
    }
    if (log.snapshotWanted) {
      log.snapshotWanted = false;
      this.takeSnapshot(this.#world.settings.keepEntries);
    }
  }

  #newApplier(machine: RegisterMachine): MemberApplier {
    return new MemberApplier(this.#world, this, machine, {
      later: (run) => {
        const { applyMaxMs } = this.#world.settings;
        this.#later(applyMaxMs === 0 ? 0 : this.#random.range(0, applyMaxMs), run);
      },
      call: (run) => this.call(run),
      appliedWork: () => this.#saveSometimes(),
    });
  }

  #newWriter(): MemberWriter {
    return new MemberWriter({
      later: (isWork, run) => this.#later(isWork ? this.#diskTime() : 0, run),
      written: (work) => this.#written(work),
    });
  }

  #scheduleTick(phase: number): void {
    const delayMs = (this.#world.settings.tickMs * phase) / this.clockRate;
    this.#ticking = this.#world.agenda.after(delayMs, () => {
      this.call((core) => core.tick());
      this.#scheduleTick(1);
    });
  }

  /** Runs in this life of the process only, and not while it is paused. */
  #later(delayMs: number, run: () => void): void {
    const life = this.#life;
    const event = (): void => {
      if (life !== this.#life) return;
      if (this.#power === "paused") this.#whilePaused.push(event);
      else run();
    };
    this.#world.agenda.after(delayMs, event);
  }

  #diskTime(): number {
    const { diskMinMs, diskMaxMs } = this.#world.settings;
    return this.#random.range(diskMinMs, diskMaxMs) + this.diskExtraMs;
  }
}
