import type { LogPosition, SnapshotInfo } from "@quorate/core";
import type { Committed, OpenedState } from "../group/state-machine.ts";

/**
 * What the thread of consensus asks the thread of a state machine. Messages of a port arrive in the order in which they
 * were sent, and the machine's thread takes them up in that order: so a `pin` sees what was applied before it, and
 * nothing after.
 */
export type MachineRequest =
  | { readonly type: "open" }
  | { readonly type: "apply"; readonly batch: readonly Committed<unknown>[] }
  | { readonly type: "query"; readonly query: unknown }
  | { readonly type: "pin"; readonly snapshot: number }
  | { readonly type: "chunk"; readonly snapshot: number }
  | { readonly type: "release"; readonly snapshot: number }
  | { readonly type: "restore"; readonly info: SnapshotInfo; readonly companion: Uint8Array }
  | { readonly type: "restoreChunk"; readonly bytes: Uint8Array }
  | { readonly type: "restoreEnd" }
  | { readonly type: "restoreAbort"; readonly reason: string }
  | { readonly type: "flush"; readonly applied: LogPosition; readonly companion: Uint8Array }
  | { readonly type: "close" };

/** What comes back for each type of request. */
export interface MachineAnswers {
  readonly open: OpenedState;
  readonly apply: readonly unknown[];
  readonly query: unknown;
  readonly pin: undefined;
  /** Undefined after the last. */
  readonly chunk: Uint8Array | undefined;
  readonly release: undefined;
  readonly restore: undefined;
  readonly restoreChunk: undefined;
  readonly restoreEnd: undefined;
  readonly restoreAbort: undefined;
  readonly flush: undefined;
  readonly close: undefined;
}

export interface MachineCall {
  readonly id: number;
  readonly request: MachineRequest;
}

export interface MachineReply {
  readonly id: number;
  readonly outcome:
    | { readonly type: "answer"; readonly answer: unknown }
    | {
        readonly type: "failure";
        readonly reason: string;
        /** The error's own, where it has one: STORAGE_FULL has a flush asked for again later. */
        readonly code: string | undefined;
        readonly stack: string | undefined;
      };
  /** Of a machine with durable state of its own. */
  readonly unflushedBytes: number | undefined;
}
