// What a run that was killed may have left: folders and processor groups that carry the number of their owner.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clearCgroups } from "./processor.mjs";

const PREFIX = "quorate-nemesis-";
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== "ESRCH";
  }
}

/** Removes what no living run owns; returns how much that was. Only outside of namespaces: inside, numbers mean others. */
export function clearLeftovers() {
  let cleared = clearCgroups(isAlive);
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX) || isAlive(Number(name.slice(PREFIX.length).split("-")[0]))) {
      continue;
    }
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
    cleared += 1;
  }
  return cleared;
}

/** The folder of a run. */
export function runFolder(owner) {
  return mkdtempSync(join(tmpdir(), `${PREFIX}${owner}-`));
}
