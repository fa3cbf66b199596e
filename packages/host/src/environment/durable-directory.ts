import type { FileSystem } from "./environment.ts";

/** Makes a folder with its parents so that none of them is gone after power loss. */
export async function makeDurableDirectory(files: FileSystem, path: string): Promise<void> {
  const made: string[] = [];
  for (let at = path; at !== "" && at !== "/" && at !== "."; at = parentDirectory(at)) {
    if (await files.exists(at)) break;
    made.push(at);
  }
  await files.makeDirectory(path);
  for (const directory of made.reverse()) {
    await files.syncDirectory(parentDirectory(directory) || ".");
  }
}

/** The folder a path is in; empty for a path of one part. */
export function parentDirectory(path: string): string {
  const slash = path.lastIndexOf("/");
  if (slash < 0) return "";
  return slash === 0 ? "/" : path.slice(0, slash);
}
