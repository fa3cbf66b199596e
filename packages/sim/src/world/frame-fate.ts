import { FrameCutter } from "./frame-cutter.ts";

/** What is done to a single frame that is on its way. */
export type FrameFate =
  | { readonly type: "lose" }
  | { readonly type: "repeat" }
  | { readonly type: "delay"; readonly extraMs: number };

/** Bytes on their way; undefined marks the orderly end. */
export interface Piece {
  readonly bytes: Uint8Array | undefined;
  readonly dueMs: number;
}

/** A stream after one of its frames has met its fate, and by how many bytes it has grown. */
export interface ChangedStream {
  readonly queue: Piece[];
  readonly grownBytes: number;
}

/**
 * The stream without, twice with or later with the first frame that matches; everything else in it stays in order. The
 * transport has to live with that: it loses frames itself when its queues are full, and reconnects. Undefined when no such
 * frame is on its way.
 */
export function meetFate(
  queue: readonly Piece[],
  matches: (frame: Uint8Array) => boolean,
  fate: FrameFate,
): ChangedStream | undefined {
  for (const [place, piece] of queue.entries()) {
    if (piece.bytes === undefined) continue;
    // The opening of a stream is no frame: the cutter finds none in it.
    const frames = new FrameCutter(true).push(piece.bytes).map(({ bytes }) => bytes);
    const at = frames.findIndex(matches);
    const frame = frames[at];
    if (frame === undefined) continue;
    const start = frames.slice(0, at).reduce((sum, { length }) => sum + length, 0);
    const { dueMs, bytes } = piece;
    const before = { bytes: bytes.subarray(0, start), dueMs };
    const after = { bytes: bytes.subarray(start + frame.length), dueMs };
    const middle =
      fate.type === "repeat"
        ? [
            { bytes: frame, dueMs },
            { bytes: frame, dueMs },
          ]
        : [];
    const changed = [
      ...queue.slice(0, place),
      ...[before, ...middle, after].filter((part) => part.bytes.length > 0),
      ...queue.slice(place + 1),
    ];
    if (fate.type === "delay") insertLate(changed, { bytes: frame, dueMs: dueMs + fate.extraMs });
    const grown = { lose: -frame.length, repeat: frame.length, delay: 0 };
    return { queue: changed, grownBytes: grown[fate.type] };
  }
  return undefined;
}

/** Behind everything that arrives no later, and never behind the end. */
function insertLate(queue: Piece[], late: Piece): void {
  const place = queue.findIndex(({ bytes, dueMs }) => bytes === undefined || dueMs > late.dueMs);
  queue.splice(place < 0 ? queue.length : place, 0, late);
}
