// Cuts what hosts send each other into whole frames (docs/formats/transport.md), without judging them.

const PREFACE = Buffer.from("QUORATE\0");
const HEADER_BYTES = 16;
/** The largest body of any lane is 32 MiB; whatever claims more is not cut any further. */
const BODY_BYTES_MAX = 33 * 1024 * 1024;

/** Raft's own messages: it is built for their loss, doubling and overtaking. Everything else relies on its stream. */
const RAFT_KINDS = new Set([4, 6, 7]);
const HELLO_KIND = 1;

/**
 * `push` returns units of one stream in order: `{ type: "preface" | "raft" | "other" | "raw", bytes }`. `raw` is anything
 * that is not the hosts' protocol, such as HTTP, or what follows something that makes no sense.
 */
export class FrameCutter {
  #held = Buffer.alloc(0);
  #state = "preface";
  /** What the first frame says, once it was seen: undefined for streams that are not the hosts'. */
  hello;

  push(chunk) {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (this.#state === "raw") return [{ type: "raw", bytes }];
    const units = [];
    let at = 0;
    if (this.#state === "preface") {
      const seen = Math.min(bytes.length, PREFACE.length);
      if (PREFACE.compare(bytes, 0, seen, 0, seen) !== 0) return this.#raw(units, bytes);
      if (bytes.length < PREFACE.length) {
        this.#held = bytes;
        return units;
      }
      units.push({ type: "preface", bytes: bytes.subarray(0, PREFACE.length) });
      this.#state = "frames";
      at = PREFACE.length;
    }
    while (bytes.length - at >= HEADER_BYTES) {
      const bodyBytes = bytes.readUInt32LE(at);
      if (bodyBytes > BODY_BYTES_MAX) return this.#raw(units, bytes.subarray(at));
      const end = at + HEADER_BYTES + bodyBytes;
      if (bytes.length < end) break;
      const kind = bytes[at + 8];
      const frame = bytes.subarray(at, end);
      if (kind === HELLO_KIND) this.hello = readHello(frame.subarray(HEADER_BYTES));
      units.push({ type: RAFT_KINDS.has(kind) ? "raft" : "other", bytes: frame });
      at = end;
    }
    this.#held = bytes.subarray(at);
    return units;
  }

  #raw(units, bytes) {
    this.#state = "raw";
    this.#held = Buffer.alloc(0);
    units.push({ type: "raw", bytes });
    return units;
  }
}

/** The address at which the dialer says it accepts connections; undefined when the body makes no sense. */
function readHello(body) {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = body[at++];
      if (byte === undefined) throw new RangeError("ends too early");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  const text = () => {
    const length = varint();
    at += length;
    if (at > body.length) throw new RangeError("ends too early");
    return body.toString("utf8", at - length, at);
  };
  try {
    varint();
    varint();
    text();
    varint();
    varint();
    text();
    varint();
    at += 4 + 4 + 1;
    return { address: text() };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
