import { ClientError } from "@quorate/client";
import { ConfigError } from "../config/config-error.ts";

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

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof ConfigError) return EXIT.usage;
  if (!(error instanceof ClientError)) return EXIT.failed;
  if (error.code === "INVALID_ARGUMENT") return EXIT.usage;
  if (error.outcome === "unknown") return EXIT.unknownOutcome;
  return error.code === "REFUSED" && error.status !== UNAVAILABLE ? EXIT.failed : EXIT.unavailable;
}

const UNAVAILABLE = 14;

/** One sentence for people. */
export function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ClientError && error.outcome === "unknown") {
    return `${message} It is not known whether the write happened.`.replace(
      /([^.]) It is/,
      "$1. It is",
    );
  }
  return message;
}
