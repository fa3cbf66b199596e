import { FileError } from "../environment/environment.ts";
import { QuorateError } from "../errors.ts";

/** The disk has no room; nothing else is wrong with it. */
export function isFull(error: unknown): boolean {
  return error instanceof FileError && error.code === "noSpace";
}

/**
 * Runs work that makes room for a write. A full disk is found here, before a byte of the write itself is on its way:
 * the log is whole, can be read, and can be opened again when there is room.
 */
export async function beforeDataIsAtRisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isFull(error)) throw error;
    throw new QuorateError(
      "STORAGE_FULL",
      "the disk is full: free some space, then open the log again",
      {
        outcome: "notApplied",
        retryable: true,
        cause: error,
      },
    );
  }
}

/**
 * Any other failure of a write. After it nobody knows what is on the disk, and asking again could make the system
 * report success for bytes it has dropped; so it is final.
 */
export function toStorageError(cause: unknown): QuorateError {
  if (cause instanceof QuorateError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new QuorateError("STORAGE_FAILED", `the log cannot be written any more: ${reason}`, {
    outcome: "unknown",
    retryable: false,
    cause,
  });
}

/** Passes failures of files on as what they mean for data that is being opened. */
export async function withStorageErrors<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause;
    const code = isFull(cause) ? "STORAGE_FULL" : "STORAGE_FAILED";
    throw new QuorateError(code, `${directory} cannot be opened: ${cause.message}`, {
      outcome: "notApplied",
      retryable: true,
      cause,
    });
  }
}
