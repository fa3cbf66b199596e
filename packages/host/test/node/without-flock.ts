import type { FileLock } from "../../src/environment/environment.ts";
import { lockFile } from "../../src/node/file-lock.ts";

/** Takes the lock while no command can be found. */
export async function lockWithoutFlock(path: string): Promise<FileLock> {
  const environment: { PATH?: string | undefined } = process.env;
  const commands = environment.PATH;
  environment.PATH = "";
  try {
    return await lockFile(path);
  } finally {
    environment.PATH = commands;
  }
}
