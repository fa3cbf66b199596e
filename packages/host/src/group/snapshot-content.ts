import { ByteReader } from "../wire/byte-reader.ts";
import { ByteWriter } from "../wire/byte-writer.ts";
import { WireError } from "../wire/wire-error.ts";

/** "QSNP": what the content of every snapshot begins with; then the version and the companion's length. */
const CONTENT_MAGIC = 0x504e5351;
const CONTENT_VERSION = 1;
const CONTENT_HEADER_BYTES = 12;

/** More than any companion within its limits takes; a longer one is refused before it is allocated. */
const COMPANION_BYTES_MAX: number = 256 << 20;

/** What stands before the machine's chunks. */
export function snapshotHeader(companion: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writer.u32(CONTENT_MAGIC);
  writer.u32(CONTENT_VERSION);
  writer.u32(companion.length);
  writer.raw(companion);
  return writer.take();
}

/** A snapshot's content taken apart: the host's part, then the machine's as it comes. */
export interface SplitSnapshot {
  readonly companion: Uint8Array;
  readonly machine: AsyncIterable<Uint8Array>;
}

/** Reads the host's part; the machine's chunks follow lazily, cut differently than they were written. */
export async function splitSnapshot(content: AsyncIterable<Uint8Array>): Promise<SplitSnapshot> {
  const source = content[Symbol.asyncIterator]();
  const gathered = new Gathered(source);
  const header = new ByteReader(await gathered.take(CONTENT_HEADER_BYTES));
  if (header.u32() !== CONTENT_MAGIC || header.u32() !== CONTENT_VERSION) {
    throw new WireError("badMagic", "not the content of a snapshot");
  }
  const length = header.u32();
  if (length > COMPANION_BYTES_MAX) throw new WireError("tooLong", "a companion that is too long");
  const companion = await gathered.take(length);
  return { companion, machine: remainder(gathered.rest, source) };
}

async function* remainder(
  first: Uint8Array,
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (first.length > 0) yield first;
    for (;;) {
      const next = await source.next();
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await source.return?.();
  }
}

/** Collects exact numbers of bytes from chunks of any size. */
class Gathered {
  readonly #source: AsyncIterator<Uint8Array>;
  rest: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterator<Uint8Array>) {
    this.#source = source;
  }

  async take(length: number): Promise<Uint8Array> {
    const taken = new Uint8Array(length);
    let at = 0;
    for (;;) {
      const part = this.rest.subarray(0, length - at);
      taken.set(part, at);
      at += part.length;
      this.rest = this.rest.subarray(part.length);
      if (at === length) return taken;
      const next = await this.#source.next();
      if (next.done === true) throw new WireError("truncated", "a snapshot that ends too early");
      this.rest = next.value;
    }
  }
}
