import type { Logger } from "../log/logger.ts";

/**
 * Ends this process without closing anything, because its memory may be damaged: not one more answer, and no tidying up
 * that walks through that memory. What was acknowledged is in the log; the others elect a leader as after any crash.
 */
export function endAtOnce(logger: Logger, error: unknown): void {
  logger.error(
    "the key-value store could not be written: this process ends at once, and starts again from its log",
    { error: textOf(error) },
  );
  process.kill(process.pid, "SIGKILL");
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} ${textOf(error.cause)}`;
}
