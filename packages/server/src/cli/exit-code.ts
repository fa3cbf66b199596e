/** What the process ends with; documented in docs/cli.md and never renumbered. */
export const EXIT = {
  /** Done. For `serve`: stopped as asked. */
  ok: 0,
  /** The cluster said no, or the server could not go on. */
  failed: 1,
  /** The command line or the configuration is wrong; nothing was started or sent. */
  usage: 2,
  /** Nobody could be reached or answered in time; nothing was changed. */
  unavailable: 3,
  /** A write got no answer: it may have happened or not. */
  unknownOutcome: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
