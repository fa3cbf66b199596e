import type { Terminal } from "./terminal.ts";

/** Waiting that the user can cut short. */
export interface Interruption {
  readonly happened: Promise<void>;
  readonly isOver: boolean;
  /** Resolves with true as soon as the user has had enough, with false after so many milliseconds. */
  within(ms: number): Promise<boolean>;
  /** Interrupts mean again what they meant before. */
  release(): void;
}

/** Takes Ctrl-C and the request to end for itself. */
export function untilInterrupted(terminal: Terminal): Interruption {
  let isOver = false;
  let interrupt: () => void = () => {};
  const happened = new Promise<void>((resolve) => {
    interrupt = () => {
      isOver = true;
      resolve();
    };
  });
  const release = terminal.onInterrupt(interrupt);
  return {
    happened,
    get isOver() {
      return isOver;
    },
    within(ms) {
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), ms);
        void happened.then(() => {
          clearTimeout(timer);
          resolve(true);
        });
      });
    },
    release,
  };
}
