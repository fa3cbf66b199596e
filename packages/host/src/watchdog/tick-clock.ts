import type { Environment, Timer } from "../environment/environment.ts";

/** A clock that is later than this many ticks stood still: the event loop, the process or the machine stalled. */
const STALL_TICKS = 2;

/** The wall clock may drift and be adjusted gently; more than this against the monotonic clock is a jump. */
const CLOCK_JUMP_MS = 1_000;

export interface TickOwner {
  onTick(nowMs: number): void;
  /** The tick that follows at once stands for all the time that was lost. */
  onStall(forMs: number): void;
  onClockJump(byMs: number): void;
}

/**
 * Ticks at even distances of the monotonic clock. After a stall there is one tick, however many were missed: a process
 * that was paused must not hold an election against a leader whose heartbeats wait to be read.
 */
export class TickClock {
  readonly #environment: Environment;
  readonly #tickMs: number;
  readonly #owner: TickOwner;
  #timer: Timer | undefined;
  #dueMs = 0;
  #wallOffsetMs = 0;

  constructor(environment: Environment, tickMs: number, owner: TickOwner) {
    this.#environment = environment;
    this.#tickMs = tickMs;
    this.#owner = owner;
  }

  start(): void {
    const nowMs = this.#environment.nowMs();
    this.#dueMs = nowMs + this.#tickMs;
    this.#wallOffsetMs = this.#environment.wallClockMs() - nowMs;
    this.#arm(nowMs);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(nowMs: number): void {
    this.#timer = this.#environment.setTimer(Math.max(0, this.#dueMs - nowMs), () => this.#fire());
  }

  #fire(): void {
    const nowMs = this.#environment.nowMs();
    const lateMs = nowMs - this.#dueMs;
    if (lateMs >= STALL_TICKS * this.#tickMs) this.#owner.onStall(lateMs);
    this.#checkWallClock(nowMs);
    // Lateness within a tick is made up for; more is lost for good.
    this.#dueMs = lateMs < this.#tickMs ? this.#dueMs + this.#tickMs : nowMs + this.#tickMs;
    this.#arm(nowMs);
    this.#owner.onTick(nowMs);
  }

  #checkWallClock(nowMs: number): void {
    const offsetMs = this.#environment.wallClockMs() - nowMs;
    const byMs = offsetMs - this.#wallOffsetMs;
    this.#wallOffsetMs = offsetMs;
    if (Math.abs(byMs) >= CLOCK_JUMP_MS) this.#owner.onClockJump(byMs);
  }
}
