import { expect, test } from "vitest";
import { Listeners, surfaceLater } from "../../src/group/listeners.ts";
import { GroupCluster } from "./cluster.ts";

test("a listener that throws hurts nobody, and its error surfaces later", () => {
  const deferred: (() => void)[] = [];
  const listeners = new Listeners<number>(surfaceLater({ defer: (run) => deferred.push(run) }));
  const heard: number[] = [];
  listeners.add(() => {
    throw new Error("not listening");
  });
  const stop = listeners.add((value) => heard.push(value));
  listeners.tell(1);
  stop();
  listeners.tell(2);
  expect(heard).toEqual([1]);
  expect(deferred.length).toBe(2);
  expect(deferred[0]).toThrow("not listening");
});

test("decisions are kept and told", async () => {
  const cluster = await GroupCluster.of(1);
  const { replica } = cluster.member(1);
  expect(replica.decisions().some(({ decision }) => decision.type === "becameLeader")).toBe(true);
  const types: string[] = [];
  const stop = replica.onDecision(({ decision }) => types.push(decision.type));
  await cluster.complete(replica.propose({ word: "x" }));
  stop();
  const count = types.length;
  expect(count).toBeGreaterThan(0);
  await cluster.complete(replica.propose({ word: "x" }));
  expect(types.length).toBe(count);
  for (let nth = 0; nth < 300; nth++) await cluster.complete(replica.propose({ word: "x" }));
  expect(replica.decisions().length).toBe(512);
  const times = replica.decisions().map(({ atMs }) => atMs);
  expect(times).toEqual([...times].sort((left, right) => left - right));
});

test("a round trip that is long for the election time-out is worth a warning", async () => {
  const cluster = await GroupCluster.of(3);
  const { replica } = await cluster.leader();
  expect(replica.status().warnings).toEqual([]);
  cluster.network.setDefaultDelay(() => 80);
  await cluster.until(() => replica.status().warnings.some((line) => line.includes("round trip")));
});
