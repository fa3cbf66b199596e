import { type Environment, type MemoryFiles, type Network, portableChecksum } from "@quorate/host";
import type { Random } from "../random/random.ts";
import type { Agenda } from "../time/agenda.ts";
import type { NodeClock } from "./node-clock.ts";
import type { ProcessGate } from "./process-gate.ts";

/** What one life of a process is made of. */
export interface ProcessParts {
  readonly agenda: Agenda;
  readonly gate: ProcessGate;
  readonly clock: NodeClock;
  readonly random: Random;
  readonly files: MemoryFiles;
  readonly network: Network;
  /** How long this process needs for every turn of its event loop, beyond no time at all. */
  readonly slownessMs: () => number;
}

/** The environment of one simulated process: nothing in it is real, everything in it is decided by the seed. */
export function nodeEnvironment(parts: ProcessParts): Environment {
  const { agenda, gate, clock, random, files, network, slownessMs } = parts;
  return {
    files,
    network,
    checksum: portableChecksum,
    nowMs: () => clock.nowMs(),
    wallClockMs: () => clock.wallClockMs(),
    setTimer: (afterMs, run) => {
      let isCancelled = false;
      const fire = (): void => {
        // A paused process looks at its timers only when it goes on, and may have cancelled some by then.
        gate.enter(() => {
          if (!isCancelled) run();
        });
      };
      const appointment = agenda.after(Math.max(0, afterMs) / clock.rate + slownessMs(), fire);
      return {
        cancel: () => {
          isCancelled = true;
          appointment.cancel();
        },
      };
    },
    defer: (run) => {
      agenda.after(slownessMs(), () => gate.enter(run));
    },
    random: () => random.next(),
  };
}
