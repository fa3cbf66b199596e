import type { LogIndex, LogPosition } from "@quorate/core";
import type { AbortSignalLike } from "../transport/transport.ts";

/** What every call on a replica takes. */
export interface RequestOptions {
  /** Ends the call early with ABORTED; what was already appended may still be applied. */
  readonly signal?: AbortSignalLike | undefined;
  /** Budget for the whole call in milliseconds, from call to answer. Default: `GroupLimits.requestTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

/** How a command is proposed. With `session` a repetition under the same number is applied once. */
export interface ProposeOptions extends RequestOptions {
  /**
   * Makes the command exactly-once: repeat it with the same request, through any member, until an answer comes.
   * Needs `GroupSpec.results`.
   */
  readonly session?: SessionRequest | undefined;
}

/** A command's result and its place in the log: the same on every member. */
export interface Applied<R> {
  readonly result: R;
  readonly position: LogPosition;
}

/**
 * `linearizable`: sees everything answered before the call, confirmed by a majority. `lease`: the same guarantee as
 * long as clocks run at similar rates, without a round trip on the leader. `sequential`: at least up to `after`.
 * `stale`: what is applied here now.
 */
export type ReadLevel = "linearizable" | "lease" | "sequential" | "stale";

/** How a query is answered. Linearizable unless `level` asks for less; `after` waits until that index is applied. */
export interface QueryOptions extends RequestOptions {
  /** Default `linearizable`. */
  readonly level?: ReadLevel | undefined;
  /** For `sequential`: wait until this index is applied here. */
  readonly after?: LogIndex | undefined;
}

/** One command's place within a session. Keep it to repeat the command after an unknown outcome. */
export interface SessionRequest {
  readonly sessionId: number;
  /** From 1, each used for one command only. */
  readonly sequence: number;
  /** The client has the answers to all sequences below and will not repeat them: their results may be forgotten. */
  readonly acknowledgedBelow: number;
}

/** A client's replicated session: the group remembers the results of its unacknowledged commands. */
export interface Session {
  readonly id: number;
  /** Numbers the next command. */
  next(): SessionRequest;
  /** The answer to `sequence` has arrived; `next` tells the group what may be forgotten. */
  acknowledge(sequence: number): void;
  /** Forgets the session everywhere. */
  close(options?: RequestOptions): Promise<void>;
}
