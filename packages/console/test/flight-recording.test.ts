import fc from "fast-check";
import { expect, test } from "vitest";
import {
  FlightError,
  type FlightRecording,
  flightFromFile,
  flightToFile,
  mergedFlights,
} from "../src/live/flight-recording.ts";

const FLIGHT: FlightRecording = {
  savedAtMs: 1_900_000_000_000,
  members: [{ id: 1, name: "n1" }],
  lines: [1, 2].map((sequence) => ({
    member: 1,
    sequence,
    wallClockMs: 1_900_000_000_000 + sequence,
    decision: {
      type: "electionStarted",
      member: 1,
      term: 2,
      kind: "election",
      quorum: 2,
    } as never,
  })),
};

test("a flight recording comes back from its file", () => {
  expect(flightFromFile(flightToFile(FLIGHT)).members).toEqual(FLIGHT.members);
});

test("recordings of one member that overlap are one, in the order of time", () => {
  const merged = mergedFlights([FLIGHT, FLIGHT]);
  expect(merged.lines.map(({ sequence }) => sequence)).toEqual([1, 2]);
});

test("whatever a file holds, it is a recording or it is refused", () => {
  const head = { format: fc.constant("quorate-flight"), version: fc.constantFrom(1, 2) };
  const body = { savedAtMs: fc.anything(), members: fc.anything(), decisions: fc.anything() };
  const line = fc.record({
    member: fc.integer(),
    sequence: fc.nat(),
    wallClockMs: fc.integer(),
    decision: fc.oneof(
      fc.anything(),
      fc.record({ type: fc.constantFrom("voteGranted", "toString") }),
    ),
  });
  const contents = fc.oneof(
    fc.string(),
    fc.record({ ...head, ...body }).map((value) => JSON.stringify(value)),
    fc
      .record({ ...head, savedAtMs: fc.nat(), members: fc.constant([]), decisions: fc.array(line) })
      .map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(contents, (content) => {
      try {
        const { lines } = flightFromFile(content);
        for (const { wallClockMs } of lines) expect(Number.isFinite(wallClockMs)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(FlightError);
      }
    }),
  );
});
