import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Environment, FileError, groupNumbers, QuorateError } from "@quorate/host";
import { ConfigError } from "../config/config-error.ts";

/** The folder of a host, and which of its groups are meant. */
export interface LogFolder {
  readonly directory: string;
  readonly groups: readonly number[];
}

/** Finds the groups: in a member's `--data-dir`, or in the folder of a host that a program embeds. */
export async function findLogs(
  environment: Environment,
  dataDir: string,
  group: string | undefined,
): Promise<LogFolder> {
  const directory = [dataDir, join(dataDir, "raft")].find((path) =>
    existsSync(join(path, "groups")),
  );
  if (directory === undefined) {
    throw new ConfigError(
      `There is no log in ${dataDir}: give the --data-dir of a member, or the folder of a host.`,
    );
  }
  const found = await groupNumbers(environment.files, directory);
  const groups = [...found].sort((one, other) => one - other);
  if (group === undefined) return { directory, groups };
  const wanted = Number(group);
  if (!Number.isSafeInteger(wanted) || !groups.includes(wanted)) {
    throw new ConfigError(
      `There is no group ${group} in ${dataDir}; there is ${groups.join(", ") || "none"}.`,
    );
  }
  return { directory, groups: [wanted] };
}

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
