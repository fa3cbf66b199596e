/** A message on the wire: one byte that says whether it is compressed, its length in four, then the message. */
const HEADER_BYTES = 5;

/**
 * No answer may be longer. What a member sends in one message it also holds in memory, and a range of that size would have
 * ended it first; the limit keeps a broken peer from making this process allocate without end.
 */
export const MESSAGE_BYTES_MAX: number = 512 * 1024 * 1024;

/** The message as it goes on the wire. */
export function framed(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + message.length);
  new DataView(frame.buffer).setUint32(1, message.length);
  frame.set(message, HEADER_BYTES);
  return frame;
}

/** What came is no sequence of messages. */
export class FramingError extends Error {
  override readonly name: string = "FramingError";
}

/** Cuts the bytes of a stream into messages, however they were split on their way. */
export class MessageFraming {
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  /** Bytes of a message that has not come completely. */
  get pendingBytes(): number {
    return this.#bytes;
  }

  /** The messages that are complete with this chunk; each has memory of its own. Throws `FramingError`. */
  push(chunk: Uint8Array): readonly Uint8Array[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const messages: Uint8Array[] = [];
    while (this.#bytes >= HEADER_BYTES) {
      const header = this.#joined(HEADER_BYTES);
      if (header[0] !== 0) throw new FramingError("a compressed message, which was not asked for");
      const length = new DataView(header.buffer, header.byteOffset, HEADER_BYTES).getUint32(1);
      if (length > MESSAGE_BYTES_MAX) throw new FramingError(`a message of ${length} bytes`);
      if (this.#bytes < HEADER_BYTES + length) break;
      const whole = this.#joined(HEADER_BYTES + length);
      messages.push(Uint8Array.from(whole.subarray(HEADER_BYTES, HEADER_BYTES + length)));
      this.#drop(HEADER_BYTES + length);
    }
    return messages;
  }

  /** The first chunk, after making sure that it has at least that many bytes, which have come. */
  #joined(bytes: number): Uint8Array {
    const [first] = this.#chunks;
    if (first !== undefined && first.length >= bytes) return first;
    const joined = new Uint8Array(this.#bytes);
    let at = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [joined];
    return joined;
  }

  #drop(bytes: number): void {
    const [first] = this.#chunks;
    this.#bytes -= bytes;
    if (first === undefined) return;
    if (first.length === bytes) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(bytes);
  }
}
