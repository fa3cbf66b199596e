// A disk that has rotted under a stopped member.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Bits that are turned over in a row: no checksum misses them, no sector is spared by chance. */
const DAMAGED_BYTES = 24;

/** The segments of a served member's log that were written to, oldest first. */
function segments(dataDir) {
  const folder = join(dataDir, "raft", "groups", "1", "log");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".log"))
    .sort()
    .map((name) => join(folder, name))
    .map((path) => ({ path, bytes: readFileSync(path) }))
    .map(({ path, bytes }) => ({
      path,
      bytes,
      used: bytes.findLastIndex((byte) => byte !== 0) + 1,
    }))
    .filter(({ used }) => used > 4_096);
}

function flip({ path, bytes }, from) {
  for (let at = from; at < from + DAMAGED_BYTES; at += 1) bytes[at] ^= 0x5a;
  writeFileSync(path, bytes);
  return { path, from };
}

/** Damages acknowledged entries that many later ones follow. */
export function damageMiddle(dataDir) {
  const newest = segments(dataDir).at(-1);
  return flip(newest, Math.floor(newest.used / 2));
}

/** Damages the header of the newest segment: nobody can say any more what was promised last. */
export function damageHeader(dataDir) {
  return flip(segments(dataDir).at(-1), 0);
}
