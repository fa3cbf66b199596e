import { CLIENT_PREFACE } from "../http2/protocol.ts";

export type Protocol = "undecided" | "http1" | "http2";

/**
 * Tells HTTP/2 with prior knowledge from everything else by the first bytes of a connection: the
 * preface differs from any HTTP/1 request within three (`PRI`).
 */
export class ProtocolSniffer {
  #seen: Buffer = Buffer.alloc(0);

  /** What was received so far, beginning with the first byte. */
  get seen(): Buffer {
    return this.#seen;
  }

  /** Bytes after the preface, once it is `http2`. */
  get afterPreface(): Buffer {
    return this.#seen.subarray(CLIENT_PREFACE.length);
  }

  /** Takes a chunk, and says what it was about. */
  push(chunk: Buffer): Protocol {
    // Undecided means less than a preface was seen, so this copies at most 23 bytes more than once.
    this.#seen = this.#seen.length === 0 ? chunk : Buffer.concat([this.#seen, chunk]);
    const length = Math.min(this.#seen.length, CLIENT_PREFACE.length);
    for (let at = 0; at < length; at++) {
      if (this.#seen[at] !== CLIENT_PREFACE[at]) return "http1";
    }
    return length === CLIENT_PREFACE.length ? "http2" : "undecided";
  }
}
