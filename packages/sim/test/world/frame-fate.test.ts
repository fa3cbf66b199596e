import { expect, test } from "vitest";
import { type FrameFate, meetFate, type Piece } from "../../src/world/frame-fate.ts";

/** A frame of the members' protocol whose body is one number. */
function frame(number: number): Uint8Array {
  const bytes = new Uint8Array(17);
  bytes[0] = 1;
  bytes[8] = 4;
  bytes[16] = number;
  return bytes;
}

const joined = (...frames: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(frames.flatMap((one) => [...one]));

/** What arrives, and when: the numbers of the frames. */
function arrivals(queue: readonly Piece[]): readonly (readonly [number, string])[] {
  return queue.map(({ bytes, dueMs }) => {
    const numbers: number[] = [];
    for (let at = 16; bytes !== undefined && at < bytes.length; at += 17) {
      numbers.push(bytes[at] as number);
    }
    return [dueMs, bytes === undefined ? "end" : numbers.join(" ")];
  });
}

const QUEUE: readonly Piece[] = [
  { bytes: joined(frame(1), frame(2), frame(3)), dueMs: 10 },
  { bytes: frame(4), dueMs: 20 },
  { bytes: undefined, dueMs: 30 },
];

const second = (bytes: Uint8Array): boolean => bytes[16] === 2;

test.each<[FrameFate, readonly (readonly [number, string])[], number]>([
  [
    { type: "lose" },
    [
      [10, "1"],
      [10, "3"],
      [20, "4"],
      [30, "end"],
    ],
    -17,
  ],
  [
    { type: "repeat" },
    [
      [10, "1"],
      [10, "2"],
      [10, "2"],
      [10, "3"],
      [20, "4"],
      [30, "end"],
    ],
    17,
  ],
  [
    { type: "delay", extraMs: 15 },
    [
      [10, "1"],
      [10, "3"],
      [20, "4"],
      [25, "2"],
      [30, "end"],
    ],
    0,
  ],
  [
    { type: "delay", extraMs: 500 },
    [
      [10, "1"],
      [10, "3"],
      [20, "4"],
      [510, "2"],
      [30, "end"],
    ],
    0,
  ],
])("a frame in the middle of a stream meets %j, its neighbours do not", (fate, wanted, grown) => {
  const changed = meetFate(QUEUE, second, fate);
  expect(arrivals(changed?.queue ?? [])).toEqual(wanted);
  expect(changed?.grownBytes).toBe(grown);
});

test("where no frame matches nothing changes", () => {
  expect(meetFate(QUEUE, () => false, { type: "lose" })).toBeUndefined();
  const opening: Piece = { bytes: new TextEncoder().encode("QUORATE1 and more"), dueMs: 1 };
  expect(meetFate([opening], () => true, { type: "lose" })).toBeUndefined();
});
