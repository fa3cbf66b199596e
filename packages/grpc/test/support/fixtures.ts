import { readFileSync } from "node:fs";

/** A certificate or key of the tests. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
}
