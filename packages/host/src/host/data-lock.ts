import type { Environment, FileLock } from "../environment/environment.ts";
import { FileError } from "../environment/environment.ts";
import { QuorateError } from "../errors.ts";

/** Takes the folder for this process; rejects with DATA_LOCKED while another one has it. */
export async function lockData(environment: Environment, directory: string): Promise<FileLock> {
  try {
    return await environment.files.lock(`${directory}/lock`);
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== "locked") throw error;
    throw new QuorateError("DATA_LOCKED", `A process uses ${directory}: stop it first.`, {
      outcome: "notApplied",
      retryable: true,
      cause: error,
    });
  }
}
