/** What the process ends with; documented in docs/cli.md and never renumbered. */
export const EXIT = {
  /** Done. For `serve`: stopped as asked. */
  ok: 0,
  /** The cluster said no, or the server could not go on. */
  failed: 1,
  /** The command line or the configuration is wrong; nothing was started or sent. For `serve`: starting again is no use. */
  usage: 2,
  /** Nobody could be reached or answered in time; nothing was changed. */
  unavailable: 3,
  /** A write got no answer: it may have happened or not. */
  unknownOutcome: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each means, for the help and for docs/cli.md. */
export const EXIT_MEANINGS: Readonly<Record<string, string>> = {
  0: "Done. For serve: stopped as asked, or removed from the cluster.",
  1: "The cluster refused, the check or the simulated run failed, the lock or the lease was lost, or the server could not go on.",
  2: "The command line or the configuration is wrong; nothing was started or sent. For serve also: its data is gone, and the other members turn it away.",
  3: "No endpoint could be reached or answered in time; nothing was changed.",
  4: "A write got no answer: it may have happened or not.",
  other:
    "lock with a command ends with that command's code, or 128 and the number of the signal that ended it.",
};
