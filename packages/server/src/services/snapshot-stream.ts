import type { SnapshotRequest, SnapshotResponseInit } from "@quorate/protocol";
import type { RpcStream } from "../rpc/method.ts";
import { failure } from "./failure.ts";

/** A saved state, ready to be read. */
export interface SnapshotImage {
  readonly sizeBytes: number;
  readonly sha256: Uint8Array;
  /** Some bytes from there on; at least one before the end. */
  read(position: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Sends an image in parts that say how much is left, and its checksum as the last part: clients take the last 32 bytes
 * of what they have got for it.
 */
export async function sendImage(
  image: SnapshotImage,
  version: string,
  stream: RpcStream<SnapshotRequest, SnapshotResponseInit>,
  drained: () => Promise<void>,
): Promise<void> {
  let position = 0;
  while (position < image.sizeBytes) {
    if (stream.call.cancelled) throw failure("canceled");
    const blob = await image.read(position);
    if (blob.length === 0) throw new Error("the image is shorter than it was");
    position += blob.length;
    const remainingBytes = image.sizeBytes - position;
    if (!stream.write({ blob, remainingBytes, version })) await drained();
  }
  stream.write({ blob: image.sha256, remainingBytes: 0, version });
  stream.end();
}

/** Waits for a stream that has had enough, or for its end. */
export class Drains {
  #wake: (() => void) | undefined;

  constructor(stream: Pick<RpcStream<never, never>, "call" | "onDrain">) {
    stream.onDrain(() => this.#wake?.());
    stream.call.onCancel(() => this.#wake?.());
  }

  readonly wait = (): Promise<void> =>
    new Promise((resolve) => {
      this.#wake = resolve;
    });
}
