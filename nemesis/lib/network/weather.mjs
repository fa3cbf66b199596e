// What the way between two members does to one frame. Pure: the draw decides.

/** `delayMs` and `jitterMs` apply to everything; the rates only to Raft's own messages; `corrupt` to every frame. */
export const CALM = Object.freeze({
  delayMs: 0,
  jitterMs: 0,
  loss: 0,
  doubling: 0,
  overtaking: 0,
  corrupt: 0,
  silent: false,
});

/** How much later than its place a message may come that is overtaken. */
const OVERTAKEN_MS = 60;

/**
 * Copies of a unit to deliver: each with how long it takes and whether it keeps its place in the stream. No copy: lost.
 * `count` hears the name of everything unusual.
 */
export function pass(unit, weather, random, count) {
  const delayMs = weather.delayMs + weather.jitterMs * random();
  if (unit.type === "raw" || unit.type === "preface") {
    return [{ bytes: unit.bytes, delayMs, inOrder: true }];
  }
  if (weather.corrupt > 0 && random() < weather.corrupt) {
    count("framesCorrupted");
    return [{ bytes: withOneByteChanged(unit.bytes, random), delayMs, inOrder: true }];
  }
  if (unit.type === "other") return [{ bytes: unit.bytes, delayMs, inOrder: true }];
  if (random() < weather.loss) {
    count("framesLost");
    return [];
  }
  const overtaken = random() < weather.overtaking;
  if (overtaken) count("framesOvertaken");
  const first = {
    bytes: unit.bytes,
    delayMs: delayMs + (overtaken ? OVERTAKEN_MS * random() : 0),
    inOrder: !overtaken,
  };
  if (random() >= weather.doubling) return [first];
  count("framesDoubled");
  return [first, { bytes: unit.bytes, delayMs: delayMs + OVERTAKEN_MS * random(), inOrder: false }];
}

/** Behind the length, so that the damage is in this frame and not in where the next one begins. */
function withOneByteChanged(bytes, random) {
  const copy = Buffer.from(bytes);
  const at = 4 + Math.floor(random() * (copy.length - 4));
  copy[at] ^= 1 + Math.floor(random() * 255);
  return copy;
}
