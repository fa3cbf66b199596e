import { randomInt } from "node:crypto";
import type { Environment, Timer } from "../environment/environment.ts";
import { nodeChecksum } from "./node-checksum.ts";
import { nodeFiles } from "./node-files.ts";
import { type NetworkOptions, NodeNetwork } from "./node-network.ts";

/** How Node's own files, network and clock are used. */
export interface NodeEnvironmentOptions {
  readonly network?: NetworkOptions | undefined;
}

/** 48 random bits at a time: the most that one call of the system's generator gives as an exact number. */
const RANDOM_BELOW = 2 ** 48 - 1;

/** The real world: this machine's files, sockets, clocks and randomness. */
export function nodeEnvironment(options: NodeEnvironmentOptions = {}): Environment {
  return {
    files: nodeFiles,
    network: new NodeNetwork(options.network ?? {}),
    checksum: nodeChecksum,
    nowMs: () => performance.now(),
    wallClockMs: () => Date.now(),
    setTimer: startTimer,
    defer: (run) => {
      setImmediate(run);
    },
    random: () => randomInt(RANDOM_BELOW) / RANDOM_BELOW,
  };
}

/** Node measures from the start of the loop's turn, so a timer of its may come up to a turn early: it waits again then. */
function startTimer(afterMs: number, run: () => void): Timer {
  const dueMs = performance.now() + afterMs;
  const check = (): void => {
    const restMs = dueMs - performance.now();
    if (restMs <= 0) run();
    else handle = setTimeout(check, Math.ceil(restMs));
  };
  let handle = setTimeout(check, Math.ceil(afterMs));
  return { cancel: () => clearTimeout(handle) };
}
