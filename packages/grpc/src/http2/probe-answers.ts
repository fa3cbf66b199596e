import type { StartTimer } from "../call/deadline-wheel.ts";
import type { FrameWriter } from "./frame-writer.ts";

/**
 * The longest that the answer to a probe waits for something to travel with: about what a busy cluster takes for a write.
 * What the client measures is how much arrives in a round trip, and a longer one only lets it find a larger window.
 */
export const PROBE_ANSWER_MS = 10;

const PING_BYTES = 8;

/**
 * The answer to a client's bandwidth probe, a PING that follows our data. Clients of gRPC send one together with the
 * next request, and answered at once it would cost a write of its own for every answer, and wake the client for
 * nothing: so it leaves with the next answer. Every other PING is answered at once.
 */
export class ProbeAnswer {
  readonly #payload: Uint8Array = new Uint8Array(PING_BYTES);
  isHeld = false;
  /** A timer will ask for it. */
  isTimed = false;

  hold(bytes: Uint8Array, start: number): void {
    this.#payload.set(bytes.subarray(start, start + PING_BYTES));
    this.isHeld = true;
  }

  writeTo(frames: FrameWriter): void {
    this.isHeld = false;
    frames.ping(this.#payload, 0, true);
  }
}

/** Whoever holds back the answer to a probe. */
export interface ProbeHolder {
  /** Its time is up, if it is still held. */
  probeIsDue(): void;
}

/** Sees to it that no answer waits too long: one timer for all connections of a server, and none while nobody waits. */
export class ProbeTimer {
  readonly #startTimer: StartTimer;
  #holders: ProbeHolder[] = [];

  constructor(startTimer: StartTimer) {
    this.#startTimer = startTimer;
  }

  /** The caller sees to it that a holder is added once per call back. */
  add(holder: ProbeHolder): void {
    if (this.#holders.push(holder) === 1) this.#startTimer(PROBE_ANSWER_MS, this.#release);
  }

  readonly #release = (): void => {
    const holders = this.#holders;
    this.#holders = [];
    for (const holder of holders) holder.probeIsDue();
  };
}
