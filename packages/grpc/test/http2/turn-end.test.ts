import { expect, test } from "vitest";
import { TurnEnd } from "../../src/http2/turn-end.ts";

test("answers that promises of one callback give leave together, before the next callback", async () => {
  const order: string[] = [];
  const turnEnd = new TurnEnd();
  const connection = { endTurn: () => order.push("answers leave") };
  await new Promise<void>((resolve) => {
    setImmediate(() => {
      void Promise.resolve().then(() => {
        turnEnd.addSoon(connection);
        order.push("first answer");
      });
      void Promise.resolve()
        .then(() => undefined)
        .then(() => order.push("second answer"));
    });
    setImmediate(() => {
      order.push("next callback");
      resolve();
    });
  });
  expect(order).toEqual(["first answer", "second answer", "answers leave", "next callback"]);
});

test("what else gathers leaves at the end of the turn, after every callback of it", async () => {
  const order: string[] = [];
  const turnEnd = new TurnEnd();
  await new Promise<void>((resolve) => {
    setImmediate(() => {
      turnEnd.add({ endTurn: () => resolve(void order.push("turn ends")) });
    });
    setImmediate(() => order.push("another callback"));
  });
  expect(order).toEqual(["another callback", "turn ends"]);
});
