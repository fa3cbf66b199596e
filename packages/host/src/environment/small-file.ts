import type { FileSystem } from "./environment.ts";
import { FileError } from "./environment.ts";

/** A small file's bytes, undefined when there is no such file. Longer ones are cut at `bytesMax`. */
export async function readSmallFile(
  files: FileSystem,
  path: string,
  bytesMax: number,
): Promise<Uint8Array | undefined> {
  try {
    const handle = await files.open(path, { mode: "read" });
    try {
      const bytes = new Uint8Array(Math.min(await handle.size(), bytesMax));
      return bytes.subarray(0, await handle.read(0, bytes));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof FileError && error.code === "notFound") return undefined;
    throw error;
  }
}

/** Makes a file with these bytes, in place of one that may be there; its content is durable, its name is not yet. */
export async function writeSmallFile(
  files: FileSystem,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  if (await files.exists(path)) await files.remove(path);
  const handle = await files.open(path, { mode: "create" });
  try {
    await handle.write(0, [bytes]);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
