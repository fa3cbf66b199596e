// What a folder takes on the disk.
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

const BLOCK_BYTES = 512;

/** Bytes of blocks in use, as `du` counts them: files with holes count for what is there. */
export function diskBytes(path) {
  let status;
  try {
    status = lstatSync(path);
  } catch {
    return 0; // It was removed while we looked.
  }
  if (!status.isDirectory()) return status.blocks * BLOCK_BYTES;
  return readdirSync(path).reduce((sum, name) => sum + diskBytes(join(path, name)), 0);
}
