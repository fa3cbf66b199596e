import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { z } from "zod";
import {
  IMAGE_CHECKSUM_BYTES,
  IMAGE_MAGIC,
  IMAGE_VERSION,
  type ImageHead,
} from "./image-format.ts";

/** The file is not a whole image. The message is one sentence for people. */
export class ImageError extends Error {
  override readonly name: string = "ImageError";
}

const READ_BYTES = 1 << 20;
/** More than any image's description takes. */
const HEAD_BYTES_MAX = 64 * 1024;
/** Longer chunks than this are written by nobody. */
const CHUNK_BYTES_MAX = 64 * 1024 * 1024;

const headSchema = z.object({
  clusterId: z.string().regex(/^\d+$/),
  memberId: z.string().regex(/^\d+$/),
  revision: z.number().int().nonnegative(),
});

/** A saved state in a file, checked from end to end before anything of it is believed. */
export class ImageFile {
  readonly head: ImageHead;
  /** Bytes of the file, checksum included. */
  readonly sizeBytes: number;
  readonly path: string;
  readonly #bodyAt: number;

  private constructor(path: string, head: ImageHead, sizeBytes: number, bodyAt: number) {
    this.path = path;
    this.head = head;
    this.sizeBytes = sizeBytes;
    this.#bodyAt = bodyAt;
  }

  /** Rejects with `ImageError` for a file that is damaged, cut off, or something else. */
  static async open(path: string): Promise<ImageFile> {
    let file: FileHandle;
    try {
      file = await open(path, "r");
    } catch (cause) {
      throw new ImageError(`Cannot read ${path}.`, { cause });
    }
    try {
      const { size } = await file.stat();
      const front = await exactly(file, 0, IMAGE_MAGIC.length + 8, path);
      if (front.toString("latin1", 0, IMAGE_MAGIC.length) !== IMAGE_MAGIC) {
        throw new ImageError(`${path} is not a snapshot of Quorate.`);
      }
      const version = front.readUInt32LE(IMAGE_MAGIC.length);
      if (version !== IMAGE_VERSION) {
        throw new ImageError(
          `${path} was written by another version of Quorate (format ${version}).`,
        );
      }
      await checkSum(file, size, path);
      const length = front.readUInt32LE(IMAGE_MAGIC.length + 4);
      if (length > HEAD_BYTES_MAX) throw damaged(path);
      const head = await exactly(file, front.length, length, path);
      const parsed = headSchema.safeParse(parsedJson(head.toString()));
      if (!parsed.success) throw damaged(path);
      return new ImageFile(path, parsed.data, size, front.length + length);
    } finally {
      await file.close();
    }
  }

  /** The machine's chunks as they were written. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const file = await open(this.path, "r");
    try {
      let at = this.#bodyAt;
      for (;;) {
        const length = (await exactly(file, at, 4, this.path)).readUInt32LE();
        if (length === 0) return;
        if (length > CHUNK_BYTES_MAX) throw damaged(this.path);
        yield await exactly(file, at + 4, length, this.path);
        at += 4 + length;
      }
    } finally {
      await file.close();
    }
  }
}

/** Undefined for text that is no JSON. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function checkSum(file: FileHandle, size: number, path: string): Promise<void> {
  const end = size - IMAGE_CHECKSUM_BYTES;
  if (end <= 0) throw damaged(path);
  const hash = createHash("sha256");
  for (let at = 0; at < end; at += READ_BYTES) {
    hash.update(await exactly(file, at, Math.min(READ_BYTES, end - at), path));
  }
  const expected = await exactly(file, end, IMAGE_CHECKSUM_BYTES, path);
  if (!hash.digest().equals(expected)) throw damaged(path);
}

async function exactly(
  file: FileHandle,
  at: number,
  length: number,
  path: string,
): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(bytes, read, length - read, at + read);
    if (bytesRead === 0) throw damaged(path);
    read += bytesRead;
  }
  return bytes;
}

function damaged(path: string): ImageError {
  return new ImageError(`${path} is damaged or not complete: save it again.`);
}
