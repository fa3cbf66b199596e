const MAGIC_BYTES = 8;
const HEADER_BYTES = 16;

/** One frame of the members' protocol, or whatever else stood between frames. */
export interface CutPiece {
  readonly bytes: Uint8Array;
  /** The frame's kind; 0 for the opening of a stream. */
  readonly kind: number;
}

/** Cuts one direction of a stream into the frames of the transport: 16 bytes of header with the body's length first. */
export class FrameCutter {
  #rest: Uint8Array = new Uint8Array(0);
  #isOpened: boolean;

  /** @param isOpened - The stream has begun before, and stands between two frames now. */
  constructor(isOpened: boolean = false) {
    this.#isOpened = isOpened;
  }

  /** The complete pieces; what is incomplete stays until the rest of it comes. */
  push(bytes: Uint8Array): readonly CutPiece[] {
    let data = bytes;
    if (this.#rest.length > 0) {
      data = new Uint8Array(this.#rest.length + bytes.length);
      data.set(this.#rest);
      data.set(bytes, this.#rest.length);
    }
    const pieces: CutPiece[] = [];
    let at = 0;
    if (!this.#isOpened && data.length >= MAGIC_BYTES) {
      pieces.push({ bytes: data.subarray(0, MAGIC_BYTES), kind: 0 });
      this.#isOpened = true;
      at = MAGIC_BYTES;
    }
    while (this.#isOpened && data.length - at >= HEADER_BYTES) {
      const end = at + HEADER_BYTES + u32(data, at);
      if (end > data.length) break;
      pieces.push({ bytes: data.subarray(at, end), kind: u32(data, at + 8) });
      at = end;
    }
    this.#rest = data.slice(at);
    return pieces;
  }
}

function u32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}
