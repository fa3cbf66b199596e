import type { StartTimer } from "../call/deadline-wheel.ts";

/** Time as a server sees it. */
export interface ServerClock {
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** Calls back once; does not keep the process alive. */
  readonly startTimer: StartTimer;
}

export const SYSTEM_CLOCK: ServerClock = {
  nowMs: () => performance.now(),
  startTimer: (ms, run) => {
    setTimeout(run, ms).unref();
  },
};
