// A member's snapshot is the directory of members, with its length before it, and then the key-value machine's chunks.

const LENGTH_BYTES = 4;
/** Thousands of members with all their addresses take less. */
const FRONT_BYTES_MAX = 16 * 1024 * 1024;
const EMPTY = new Uint8Array(0);

/** `front` with its length before it and `rest` behind it. */
export function framed(front: Uint8Array, rest: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(LENGTH_BYTES + front.length + rest.length);
  new DataView(bytes.buffer).setUint32(0, front.length, true);
  bytes.set(front, LENGTH_BYTES);
  bytes.set(rest, LENGTH_BYTES + front.length);
  return bytes;
}

/** Takes `framed` apart: the front and what is behind it, as views. */
export function unframed(bytes: Uint8Array): {
  readonly front: Uint8Array;
  readonly rest: Uint8Array;
} {
  const end = LENGTH_BYTES + lengthOf(bytes);
  return { front: bytes.subarray(LENGTH_BYTES, end), rest: bytes.subarray(end) };
}

export async function* withDirectory(
  directory: Uint8Array,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield framed(directory, EMPTY);
  yield* chunks;
}

/** The machine's chunks alone. */
export async function* withoutDirectory(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const reader = new FrontReader(chunks);
  await reader.take();
  yield* reader.rest();
}

/** Takes the framed front off a stream whose chunks may be cut anywhere. */
export class FrontReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Uint8Array = EMPTY;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async take(): Promise<Uint8Array> {
    await this.#hold(LENGTH_BYTES);
    const length = lengthOf(this.#held);
    if (length > FRONT_BYTES_MAX) throw new Error("the snapshot does not begin as a member's does");
    await this.#hold(LENGTH_BYTES + length);
    const front = this.#held.slice(LENGTH_BYTES, LENGTH_BYTES + length);
    this.#held = this.#held.subarray(LENGTH_BYTES + length);
    return front;
  }

  async *rest(): AsyncGenerator<Uint8Array> {
    if (this.#held.length > 0) yield this.#held;
    for (;;) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return;
      yield value;
    }
  }

  async #hold(count: number): Promise<void> {
    const parts = [this.#held];
    let held = this.#held.length;
    while (held < count) {
      const { done, value } = await this.#chunks.next();
      if (done === true) throw new Error("the snapshot ends within the directory of members");
      parts.push(value);
      held += value.length;
    }
    if (parts.length === 1) return;
    this.#held = new Uint8Array(held);
    let at = 0;
    for (const part of parts) {
      this.#held.set(part, at);
      at += part.length;
    }
  }
}

function lengthOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
}
