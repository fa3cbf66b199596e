import { expect, test } from "vitest";
import { type ComplianceRunner, stateMachineCompliance } from "../../src/compliance/index.ts";
import { memoryMachine } from "../../src/group/memory-machine.ts";
import type { StateMachine } from "../../src/group/state-machine.ts";
import { workerMachine } from "../../src/node/index.ts";
import { CounterMachine, type SetWord } from "./counter-machine.ts";
import { DurableMachine, emptyMachineDisk, type MachineDisk } from "./durable-machine.ts";

const COMMANDS: readonly SetWord[] = ["a", "b", "a", "c", "b", "a"].map((word) => ({ word }));
const QUERIES = ["a", "b", "c", "d"];

const runner = (which: string): ComplianceRunner => ({
  test: (name, run) => test(`${which}: ${name}`, run),
  equal: (actual, expected) => expect(actual).toEqual(expected),
});

const subject = { commands: COMMANDS, queries: QUERIES };

stateMachineCompliance(runner("memory machine"), {
  ...subject,
  create: async () =>
    memoryMachine<Record<string, number>, SetWord, number, string, number>({
      initial: {},
      apply: (state, { command: { word } }) => {
        const count = (state[word] ?? 0) + 1;
        return [{ ...state, [word]: count }, count];
      },
      query: (state, word) => state[word] ?? 0,
    }),
});

stateMachineCompliance(runner("machine in memory"), {
  ...subject,
  create: async () => new CounterMachine(),
});

const disks = new WeakMap<StateMachine<SetWord, number, string, number>, MachineDisk>();

function durable(disk: MachineDisk): StateMachine<SetWord, number, string, number> {
  const machine = new DurableMachine(disk);
  disks.set(machine, disk);
  return machine;
}

stateMachineCompliance(runner("machine on disk"), {
  ...subject,
  create: async () => durable(emptyMachineDisk()),
  restart: async (machine) => durable(disks.get(machine) ?? emptyMachineDisk()),
});

stateMachineCompliance(runner("machine in a worker"), {
  ...subject,
  create: async () =>
    workerMachine<SetWord, number, string, number>(
      new URL("../worker/words-worker.mjs", import.meta.url),
    ),
});
