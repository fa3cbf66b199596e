import { createHash } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { MemberMachine } from "../directory/member-machine.ts";
import type { SnapshotImage } from "../services/snapshot-stream.ts";
import {
  type ImageHead,
  IMAGE_MAGIC as MAGIC,
  IMAGE_PAGE_BYTES as PAGE_BYTES,
  IMAGE_VERSION as VERSION,
} from "../snapshot/image-format.ts";

const READ_BYTES = 32 * 1024;

/**
 * Writes the state of this moment into a file and opens it for reading. It goes through a file because its size and
 * checksum are told before and after its bytes, and the state may be larger than memory.
 */
export async function makeImage(
  dataDir: string,
  machine: MemberMachine,
  head: ImageHead,
): Promise<SnapshotImage> {
  const path = join(dataDir, `image-${process.pid}-${Date.now()}-${sequence.next()}.tmp`);
  const source = machine.beginSnapshot();
  const file = await open(path, "wx+", 0o600);
  try {
    const writer = new ImageWriter(file);
    await writer.write(headBytes(head));
    for await (const chunk of source.chunks()) {
      await writer.write(lengthBytes(chunk.length));
      await writer.write(chunk);
    }
    await writer.write(lengthBytes(0));
    await writer.pad();
    return writer.finish(path);
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  } finally {
    source.release();
  }
}

const sequence = {
  last: 0,
  next(): number {
    this.last += 1;
    return this.last;
  },
};

function headBytes(head: ImageHead): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const bytes = Buffer.alloc(MAGIC.length + 8 + text.length);
  bytes.write(MAGIC, "latin1");
  bytes.writeUInt32LE(VERSION, MAGIC.length);
  bytes.writeUInt32LE(text.length, MAGIC.length + 4);
  text.copy(bytes, MAGIC.length + 8);
  return bytes;
}

function lengthBytes(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(length);
  return bytes;
}

class ImageWriter {
  readonly #file: FileHandle;
  readonly #hash = createHash("sha256");
  #size = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    await this.#file.writeFile(bytes);
    this.#size += bytes.length;
  }

  async pad(): Promise<void> {
    const rest = this.#size % PAGE_BYTES;
    if (rest > 0) await this.write(Buffer.alloc(PAGE_BYTES - rest));
  }

  finish(path: string): SnapshotImage {
    const file = this.#file;
    const sizeBytes = this.#size;
    return {
      sizeBytes,
      sha256: this.#hash.digest(),
      async read(position) {
        const into = Buffer.alloc(Math.min(READ_BYTES, sizeBytes - position));
        const { bytesRead } = await file.read(into, 0, into.length, position);
        return into.subarray(0, bytesRead);
      },
      async close() {
        await file.close();
        await rm(path, { force: true });
      },
    };
  }
}
