import type { MemberId, RaftCore, ReadMode, Role } from "@quorate/core";
import type { LogEvent } from "../log/log-event.ts";
import { DiskWatch } from "../watchdog/disk-watch.ts";
import { Pulse } from "../watchdog/pulse.ts";
import { ELECTION_TICKS_DEFAULT, type TimedGroup, TimingRule } from "./timing-rule.ts";
import { mostCaughtUp } from "./transfer-plan.ts";

export interface FitnessGroup extends TimedGroup {
  readonly core: RaftCore;
  readonly role: Role;
  readonly parts: TimedGroup["parts"] & {
    readonly limits: { readonly diskStallMs: number };
    readonly environment: { nowMs(): number; wallClockMs(): number };
  };
  readonly answers: (member: MemberId) => boolean;
  schedule(): void;
}

/** Whether this member is fit to lead: its disk has room and answers, and its clock ticks. If not, it hands over. */
export class Fitness {
  readonly #group: FitnessGroup;
  readonly timing: TimingRule;
  readonly #pulse: Pulse;
  readonly #diskWatch: DiskWatch;
  readonly #electionTicks: number;
  /**
   * It led on without a heartbeat for an election's time: for so many ticks it looks for somebody to hand over to, because
   * nobody can have answered while it stood still.
   */
  #handOverTicks = 0;
  #isFull = false;

  constructor(group: FitnessGroup) {
    const { tickMs, limits, coreSettings, environment } = group.parts;
    this.#group = group;
    this.timing = new TimingRule(group);
    const electionTicks = coreSettings.electionTicks ?? ELECTION_TICKS_DEFAULT;
    this.#electionTicks = electionTicks;
    const nowMs = environment.nowMs();
    this.#pulse = new Pulse(tickMs, electionTicks, nowMs, environment.wallClockMs());
    this.#diskWatch = new DiskWatch(limits.diskStallMs, {
      onDiskStall: (forMs, isNews) => this.#diskStalled(forMs, isNews),
      onDiskRecovered: (afterMs) => group.feed.emit({ type: "diskRecovered", afterMs }),
    });
  }

  /** Only what is prepared on the disk is left. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** `writeWaitMs`: how long the oldest write to the log has been under way. */
  tick(nowMs: number, writeWaitMs: number): void {
    this.#pulse.tick(nowMs, this.#group.parts.environment.wallClockMs());
    this.timing.tick();
    this.#diskWatch.check(writeWaitMs, nowMs);
    if (this.#isFull) this.#resign("the disk is full");
    if (this.#handOverTicks > 0) this.#handOverAfterStall();
  }

  /** The event loop stood still: ticks were lost. After an election's time without a heartbeat the lead is not kept either. */
  stalled(forMs: number): void {
    this.#pulse.stalled();
    if (forMs >= this.#electionTicks * this.#group.parts.tickMs) {
      this.#handOverTicks = this.#electionTicks;
    }
  }

  #handOverAfterStall(): void {
    const isOver = this.#group.role !== "leader" || this.#resign("the event loop stood still");
    this.#handOverTicks = isOver ? 0 : this.#handOverTicks - 1;
  }

  /** The core counts a lease in ticks: where ticks were lost, only the quorum can tell. */
  trustedMode(mode: ReadMode): ReadMode {
    if (mode === "quorum") return mode;
    const { environment } = this.#group.parts;
    const isSteady = this.#pulse.isSteady(environment.nowMs(), environment.wallClockMs());
    return isSteady ? mode : "quorum";
  }

  onSpace(event: Exclude<LogEvent, { type: "failed" }>): void {
    const isFull = event.type === "spaceLow";
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#group.feed.emit({ type: isFull ? "storageFull" : "storageFreed" });
    if (isFull) this.#resign("the disk is full");
  }

  #diskStalled(forMs: number, isNews: boolean): void {
    if (isNews) {
      this.#group.counters.diskStalls += 1;
      this.#group.feed.emit({ type: "diskStalled", forMs });
    }
    this.#resign("a write to the log hangs");
  }

  /** Hands the lead to the voter that lacks least; false if there is none. Does not wait for the outcome. */
  #resign(reason: string): boolean {
    if (this.#group.role !== "leader") return false;
    const status = this.#group.core.status();
    const to = mostCaughtUp(status, this.#group.answers);
    if (to === 0 || status.transferee !== 0) return false;
    this.#group.feed.emit({ type: "resigned", reason });
    this.#group.core.transferLeadership(to);
    this.#group.schedule();
    return true;
  }
}
