import { ClientError } from "@quorate/client";
import { ConfigError } from "../config/config-error.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";

/** The exit code that a command's failure stands for. */
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
