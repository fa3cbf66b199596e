import type { Environment, FileHandle, FileSystem } from "../environment/environment.ts";
import { segmentName, TEMPORARY_SUFFIX } from "./log-format.ts";
import { emptySegmentContent } from "./log-replay.ts";
import { Segment } from "./segment.ts";
import { encodeSegmentHeader, type LogOwner, segmentTag } from "./segment-header.ts";

/** Zeros are written in pieces of this size, so that a large preparation does not hold up other writes for long. */
const ZERO_PIECE_BYTES = 1 << 20;

/** Makes, lengthens and removes the files of one log. Each call is complete and durable when it settles. */
export class SegmentFiles {
  readonly #environment: Environment;
  readonly #directory: string;
  readonly #owner: LogOwner;

  constructor(environment: Environment, directory: string, owner: LogOwner) {
    this.#environment = environment;
    this.#directory = directory;
    this.#owner = owner;
  }

  get directory(): string {
    return this.#directory;
  }

  /** A new segment, header written and zeros behind it. It has its name only when all of that is durable. */
  async create(number: number, initialBytes: number): Promise<Segment> {
    const { files } = this.#environment;
    const name = segmentName(number);
    const path = `${this.#directory}/${name}`;
    const temporary = path + TEMPORARY_SUFFIX;
    if (await files.exists(temporary)) await files.remove(temporary);
    const id = this.#randomId();
    const handle = await files.open(temporary, { mode: "create" });
    try {
      const header = encodeSegmentHeader({ owner: this.#owner, number, id, initialBytes });
      await handle.write(0, [header]);
      await writeZeros(handle, header.length, initialBytes);
      await handle.sync();
      await files.rename(temporary, path);
      await files.syncDirectory(this.#directory);
    } catch (error) {
      await handle.close();
      await removeQuietly(files, temporary);
      throw error;
    }
    return new Segment({
      files,
      path,
      name,
      number,
      tag: segmentTag(id),
      content: emptySegmentContent(initialBytes),
      preparedBytes: initialBytes,
      handle,
    });
  }

  /** Zeros up to `bytes`, where there were none or unsure ones. */
  async grow(segment: Segment, bytes: number): Promise<void> {
    const handle = await segment.handle();
    await writeZeros(handle, segment.preparedBytes, bytes);
    await handle.sync();
    segment.preparedBytes = bytes;
  }

  /** The folder is synced with each file: with several at once a crash could keep an older one and lose a newer one. */
  async remove(segment: Segment): Promise<void> {
    await segment.retire();
    await this.#environment.files.remove(segment.path);
    await this.#environment.files.syncDirectory(this.#directory);
  }

  #randomId(): string {
    const word = (): string =>
      Math.floor(this.#environment.random() * 0x1_0000_0000)
        .toString(16)
        .padStart(8, "0");
    return word() + word();
  }
}

async function writeZeros(handle: FileHandle, from: number, to: number): Promise<void> {
  const zeros = new Uint8Array(Math.max(0, Math.min(ZERO_PIECE_BYTES, to - from)));
  for (let at = from; at < to; at += zeros.length) {
    await handle.write(at, [zeros.subarray(0, Math.min(zeros.length, to - at))]);
  }
}

/** Gives the room back where that is possible; what stays is deleted at the next start. */
async function removeQuietly(files: FileSystem, path: string): Promise<void> {
  try {
    await files.remove(path);
  } catch {
    return;
  }
}
