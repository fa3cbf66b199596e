// Your own state machine under crashes, power cuts, partitions, pauses and snapshots. Run it: node examples/test-your-machine.mjs
import { memoryMachine } from "@quorate/host";
import { testStateMachine } from "@quorate/sim";

/** A shop's stock: what is there can be sold, once. */
const stock = (draw) => () =>
  memoryMachine({
    initial: { apples: 0 },
    apply: (state, { command }) => {
      const enough = state.apples + command.apples >= 0;
      const apples = enough ? state.apples + command.apples : state.apples;
      return [{ apples }, enough ? apples : draw()];
    },
    query: (state) => state.apples,
  });

// The five lines.
const command = (random) => ({ apples: random.between(-5, 5) });
const sound = await testStateMachine({
  machine: stock(() => "sold out"),
  command,
  questions: [undefined],
  runs: 3,
});
console.log(
  `Sound: ${sound.failure === undefined}, after ${sound.commands > 50 ? "many" : sound.commands} commands`,
);

const met = sound.counters.entries().filter(([, count]) => count > 0);
console.log(`Faults: ${met.map(([kind, count]) => `${kind} ${count}`).join(", ")}`);

// A machine that answers by chance: every member answers something else.
const careless = await testStateMachine({
  machine: stock(() => `sold out, ticket ${Math.random()}`),
  command,
  questions: [undefined],
});
const { seed, violation } = careless.failure;
console.log(`Careless: ${violation.checker}, repeated by firstSeed ${seed}`);
console.log(violation.message.replace(/0\.\d+/g, "0.…"));
