import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Bytes that the files of a folder occupy on the disk. Files that go while it looks count as gone. */
export function folderBytes(folder) {
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const status = statSync(join(folder, name), { throwIfNoEntry: false });
    if (status?.isFile()) bytes += status.blocks * 512;
  }
  return bytes;
}
