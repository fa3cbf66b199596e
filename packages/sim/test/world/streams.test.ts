import type { Connection } from "@quorate/host";
import { expect, test } from "vitest";
import { FaultCounters } from "../../src/faults/fault-counters.ts";
import { EventHash } from "../../src/random/event-hash.ts";
import { Random } from "../../src/random/random.ts";
import { Agenda } from "../../src/time/agenda.ts";
import { FrameCutter } from "../../src/world/frame-cutter.ts";
import { ProcessGate } from "../../src/world/process-gate.ts";
import { StreamNetwork } from "../../src/world/stream-network.ts";

interface Pair {
  readonly agenda: Agenda;
  readonly network: StreamNetwork;
  readonly gates: readonly [ProcessGate, ProcessGate];
  readonly near: Connection;
  readonly received: number[];
  readonly ends: string[];
}

/** A connection from machine `a` to machine `b`, open. */
async function pair(): Promise<Pair> {
  const agenda = new Agenda();
  const network = new StreamNetwork(
    agenda,
    Random.fromSeed(1),
    new FaultCounters(),
    new EventHash(),
  );
  const gates = [new ProcessGate(), new ProcessGate()] as const;
  const received: number[] = [];
  const ends: string[] = [];
  await network.forProcess("b", gates[1]).listen("b:1", (connection) => {
    connection.handle({
      onData: (bytes) => received.push(...bytes),
      onClose: (error) => ends.push(`far ${error?.code ?? "in order"}`),
    });
  });
  const near = network.forProcess("a", gates[0]).connect("b:1");
  near.handle({
    onData: () => undefined,
    onClose: (error) => ends.push(`near ${error?.code ?? "in order"}`),
  });
  agenda.runUntil(100);
  return { agenda, network, gates, near, received, ends };
}

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

test("bytes arrive in their order, whatever the pieces they come in", async () => {
  const { agenda, network, near, received } = await pair();
  network.weather = { ...network.weather, splitRate: 1, stallRate: 0.3, stallMaxMs: 50 };
  const sent: number[] = [];
  for (let piece = 0; piece < 50; piece += 1) {
    const values = Array.from({ length: piece + 1 }, (_, at) => (piece * 7 + at) % 256);
    sent.push(...values);
    near.write(Uint8Array.from(values));
  }
  agenda.runUntil(10_000);
  expect(received).toEqual(sent);
});

test("a cut holds bytes back in its direction, and nothing is lost when it ends", async () => {
  const { agenda, network, near, received, ends } = await pair();
  network.cut("a", "b");
  near.write(bytes(1, 2, 3));
  agenda.runUntil(1_000);
  expect(received).toEqual([]);
  network.mend("a", "b");
  agenda.runUntil(2_000);
  expect([received, ends]).toEqual([[1, 2, 3], []]);
});

test("nobody hears of a connection that has become a black hole", async () => {
  const { agenda, network, near, received, ends } = await pair();
  network.blackhole("a", "b");
  near.write(bytes(1));
  near.destroy();
  agenda.runUntil(60_000);
  expect([received, ends]).toEqual([[], ["near in order"]]);
});

test("a killed process resets its connections; one that loses power is noticed when its machine is back", async () => {
  const killed = await pair();
  killed.gates[1].kill();
  killed.network.processEnded("b", false);
  killed.agenda.runUntil(1_000);
  expect(killed.ends).toEqual(["near reset"]);
  const dark = await pair();
  dark.gates[1].kill();
  dark.network.processEnded("b", true);
  dark.near.write(bytes(1));
  dark.agenda.runUntil(5_000);
  expect(dark.ends).toEqual([]);
  dark.network.machineStarted("b");
  dark.agenda.runUntil(6_000);
  expect(dark.ends).toEqual(["near reset"]);
});

test("a paused process gets everything in order when it goes on", async () => {
  const { agenda, gates, near, received } = await pair();
  gates[1].pause();
  for (let value = 1; value <= 5; value += 1) near.write(bytes(value));
  agenda.runUntil(1_000);
  expect(received).toEqual([]);
  gates[1].resume();
  expect(received).toEqual([1, 2, 3, 4, 5]);
});

test("frames are cut out of a stream from its begin, or from between two frames", () => {
  const frame = (kind: number, ...body: readonly number[]): number[] => [
    ...[body.length, 0, 0, 0, 9, 9, 9, 9, kind, 0, 0, 0, 0, 0, 0, 0],
    ...body,
  ];
  const opening = [1, 2, 3, 4, 5, 6, 7, 8];
  const whole = bytes(...opening, ...frame(4, 1, 2), ...frame(6));
  for (const size of [1, 5, 17, 100]) {
    const cutter = new FrameCutter();
    const kinds: number[] = [];
    for (let at = 0; at < whole.length; at += size) {
      for (const { kind } of cutter.push(whole.subarray(at, at + size))) kinds.push(kind);
    }
    expect(kinds).toEqual([0, 4, 6]);
  }
  const later = new FrameCutter(true);
  expect(later.push(bytes(...frame(7, 1))).map(({ kind }) => kind)).toEqual([7]);
});
