import type { FileErrorCode } from "./environment.ts";

/** What a file system is asked to do, as fault hooks and traces see it. */
export type FileOperationKind =
  | "open"
  | "read"
  | "write"
  | "writeDurably"
  | "sync"
  | "truncate"
  | "makeDirectory"
  | "list"
  | "rename"
  | "remove"
  | "syncDirectory"
  | "lock";

/** One operation on a file, as a fault or a trace sees it. */
export interface FileOperation {
  /** Counts all operations of one mounted file system from 1. */
  readonly number: number;
  readonly kind: FileOperationKind;
  readonly path: string;
  /** For reads, writes and truncations. */
  readonly position: number;
  readonly bytes: number;
}

/** Kinds that change something; reads and listings do not. */
export function isMutation(operation: FileOperation): boolean {
  return operation.kind !== "read" && operation.kind !== "list";
}

/** What a fault hook can make of an operation. */
export type FileFault =
  /**
   * Rejects without having done anything. `pages` says what a failed `sync` or `writeDurably` does to bytes that are
   * not durable yet: still waiting, gone at once, or still readable but taken for durable by every later sync.
   */
  | {
      readonly type: "error";
      readonly code: FileErrorCode;
      readonly pages?: "keep" | "drop" | "clean";
    }
  /** Writes the first `bytes` only, then rejects. */
  | { readonly type: "short"; readonly bytes: number; readonly code: FileErrorCode }
  /** Waits for `until` before it goes on. */
  | { readonly type: "hang"; readonly until: Promise<void> }
  /** The process dies here: this and every later operation never settles. `applied`: the operation still reached the page cache. */
  | { readonly type: "death"; readonly applied: boolean }
  /** Reports success and does nothing: a write that the disk lost. */
  | { readonly type: "lost" };

/** Called before every operation; undefined lets it be. */
export type FileFaultHook = (operation: FileOperation) => FileFault | undefined;

/** Fails the `nth` operation (from 1) that `matches`, and none after it. */
export function failNth(
  nth: number,
  matches: (operation: FileOperation) => boolean,
  fault: FileFault,
): FileFaultHook {
  let seen = 0;
  return (operation) => {
    if (!matches(operation)) return undefined;
    seen += 1;
    return seen === nth ? fault : undefined;
  };
}

/** Ends the process at the `nth` operation that changes anything. */
export function dieAtMutation(nth: number, applied: boolean): FileFaultHook {
  return failNth(nth, isMutation, { type: "death", applied });
}
