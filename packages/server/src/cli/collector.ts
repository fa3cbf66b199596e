import { setFlagsFromString } from "node:v8";

/**
 * When V8 begins to mark the old generation, in percent of what it may grow by until its limit. By default it keeps as
 * much in reserve as the young generation is large, 16 of some 23 MiB in a member. Network buffers fill the rest within
 * a few thousand requests, although the next collection of the young generation frees them, so a member under load
 * marked its whole heap as often as it collected the young one: the largest part of its garbage collection, and pauses of
 * 10 ms and more. The limit itself stays what it is.
 */
export const COLLECTOR_FLAGS: readonly string[] = [
  "--incremental-marking-soft-trigger=85",
  "--incremental-marking-hard-trigger=95",
];

/** For the process of a member. A flag that a later V8 does not know any more is passed over. */
export function letGarbageGather(): void {
  for (const flag of COLLECTOR_FLAGS) setFlagsFromString(flag);
}
