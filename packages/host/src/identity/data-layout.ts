import type { FileSystem } from "../environment/environment.ts";

/** Where a host keeps the data of its groups. */
export interface GroupDirectories {
  /** Folder of all groups. */
  readonly parent: string;
  readonly group: string;
  readonly log: string;
  readonly snapshots: string;
}

/** Where the data of a group lies within a host's folder. */
export function groupDirectories(directory: string, groupId: number): GroupDirectories {
  const parent = `${directory}/groups`;
  const group = `${parent}/${groupId}`;
  return { parent, group, log: `${group}/log`, snapshots: `${group}/snapshots` };
}

/** Numbers of the groups that have a folder, whatever is in it. */
export async function groupNumbers(
  files: FileSystem,
  directory: string,
): Promise<readonly number[]> {
  const { parent } = groupDirectories(directory, 0);
  if (!(await files.exists(parent))) return [];
  const names = await files.list(parent);
  return names.filter((name) => /^\d{1,10}$/.test(name)).map(Number);
}
