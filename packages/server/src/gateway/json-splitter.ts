const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** Text between the objects of a stream that is neither blank nor a separator, or an object that is too long. */
export class SplitError extends Error {
  override readonly name: string = "SplitError";
}

/** Cuts a stream of bytes into the JSON objects that follow each other in it. */
export class JsonSplitter {
  readonly #bytesMax: number;
  #held: Buffer = Buffer.alloc(0);
  /** Where looking goes on. */
  #at = 0;
  #depth = 0;
  #inString = false;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The objects that are complete now, as text. Throws `SplitError`. */
  push(chunk: Buffer): readonly string[] {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const found: string[] = [];
    let start = 0;
    for (; this.#at < this.#held.length; this.#at += 1) {
      if (this.#step(this.#held[this.#at] ?? 0)) {
        found.push(this.#held.toString("utf8", start, this.#at + 1));
        start = this.#at + 1;
      } else if (this.#depth === 0) start = this.#at + 1;
    }
    this.#held = this.#held.subarray(start);
    this.#at -= start;
    if (this.#held.length > this.#bytesMax) throw new SplitError("the message is too long");
    return found;
  }

  /** Whether the stream may end here. */
  get isBetween(): boolean {
    return this.#depth === 0;
  }

  /** True when the byte completes an object. */
  #step(byte: number): boolean {
    if (this.#inString) {
      if (byte === BACKSLASH) this.#at += 1;
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
