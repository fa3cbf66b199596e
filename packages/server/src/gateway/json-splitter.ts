const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** Room for the first part of an object that is not complete; it doubles when there is more. */
const ROOM_BYTES = 1024;
const NO_BYTES = Buffer.alloc(0);

/** Text between the objects of a stream that is neither blank nor a separator, or an object that is too long. */
export class SplitError extends Error {
  override readonly name: string = "SplitError";
}

/** Cuts a stream of bytes into the JSON objects that follow each other in it. Looks at every byte once. */
export class JsonSplitter {
  readonly #bytesMax: number;
  /** The object that is not complete yet, and how much of it there is. */
  #held: Buffer = NO_BYTES;
  #heldBytes = 0;
  #depth = 0;
  #inString = false;
  /** The next byte follows a backslash within a string. */
  #isEscaped = false;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The objects that are complete now, as text. Throws `SplitError`. */
  push(chunk: Buffer): readonly string[] {
    const found: string[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.#step(chunk[at] as number)) {
        found.push(this.#complete(chunk.subarray(start, at + 1)));
        start = at + 1;
      } else if (this.#depth === 0) start = at + 1;
    }
    if (start < chunk.length) this.#hold(chunk.subarray(start));
    return found;
  }

  /** Whether the stream may end here. */
  get isBetween(): boolean {
    return this.#depth === 0;
  }

  #hold(part: Buffer): void {
    const sizeBytes = this.#heldBytes + part.length;
    if (sizeBytes > this.#bytesMax) throw new SplitError("the message is too long");
    if (sizeBytes > this.#held.length) {
      const room = Buffer.allocUnsafe(Math.max(ROOM_BYTES, 2 * sizeBytes));
      this.#held.copy(room, 0, 0, this.#heldBytes);
      this.#held = room;
    }
    part.copy(this.#held, this.#heldBytes);
    this.#heldBytes = sizeBytes;
  }

  /** The object that `last` ends, as text. */
  #complete(last: Buffer): string {
    if (this.#heldBytes === 0 && last.length <= this.#bytesMax) return last.toString("utf8");
    this.#hold(last);
    const text = this.#held.toString("utf8", 0, this.#heldBytes);
    this.#held = NO_BYTES;
    this.#heldBytes = 0;
    return text;
  }

  /** True when the byte completes an object. */
  #step(byte: number): boolean {
    if (this.#inString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return false;
    }
    switch (byte) {
      case OPENING_BRACE:
        this.#depth += 1;
        return false;
      case CLOSING_BRACE:
        if (this.#depth === 0) throw new SplitError("a message ends that did not begin");
        this.#depth -= 1;
        return this.#depth === 0;
      case QUOTE:
        if (this.#depth === 0) throw new SplitError("a message must be an object");
        this.#inString = true;
        return false;
      default:
        if (this.#depth === 0 && byte > 0x20 && byte !== COMMA) {
          throw new SplitError("a message must be an object");
        }
        return false;
    }
  }
}

const COMMA = 0x2c;
