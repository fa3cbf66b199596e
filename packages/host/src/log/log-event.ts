import type { QuorateError } from "../errors.ts";

/** What a running log tells besides the settling of its calls. */
export type LogEvent =
  /** The disk is full: what room is prepared is all there is. New proposals should be refused until `spaceFreed`. */
  | { readonly type: "spaceLow" }
  | { readonly type: "spaceFreed" }
  /** Final: every append that was not durable has been rejected with `error`, and every later one is. */
  | { readonly type: "failed"; readonly error: QuorateError };
