import { join } from "node:path";
import { type Environment, groupNumbers, QuorateError } from "@quorate/host";
import { ConfigError } from "../config/config-error.ts";
import { isThere } from "../member/folders.ts";

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
  const places = [dataDir, join(dataDir, "raft")];
  const directory = places.find((path) => isThere(join(path, "groups")));
  if (directory === undefined) {
    const robbed = places.find((path) => isThere(join(path, "identity.json")));
    if (robbed !== undefined) throw logGone(robbed);
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

function logGone(directory: string): QuorateError {
  return new QuorateError(
    "IDENTITY_MISSING",
    `The log in ${directory} is gone: identity.json says whose it was, but there is no folder groups beside it. Bring it back, or remove this member and add it anew with an empty folder.`,
    { outcome: "notApplied", retryable: false },
  );
}
