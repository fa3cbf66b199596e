import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Environment, groupNumbers } from "@quorate/host";
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
