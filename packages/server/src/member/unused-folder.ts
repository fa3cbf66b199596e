import { type Environment, FileError, QuorateError } from "@quorate/host";

/** Reads while nobody writes: a log that is being written looks torn. Where the folder cannot be written it only reads. */
export async function whileUnused<Result>(
  environment: Environment,
  directory: string,
  read: () => Promise<Result>,
): Promise<Result> {
  const lock = await environment.files.lock(`${directory}/lock`).catch((error: unknown) => {
    if (error instanceof FileError && error.code !== "locked") return undefined;
    throw new QuorateError(
      "DATA_LOCKED",
      `A process uses ${directory}: stop it first, for a log that is being written looks torn.`,
      { outcome: "notApplied", retryable: true, cause: error },
    );
  });
  try {
    return await read();
  } finally {
    await lock?.release();
  }
}
