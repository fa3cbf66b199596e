import type { FrameWriter } from "./frame-writer.ts";
import { ErrorCode, MAX_STREAM_ID } from "./protocol.ts";

const DRAIN_PAYLOAD = Uint8Array.of(0x64, 0x72, 0x61, 0x69, 0x6e, 0, 0, 0);

/**
 * How long to wait for the client's PONG before the second GOAWAY. A client that has not answered
 * by then may lose the calls it is just opening; it learns from the GOAWAY that they were not begun.
 */
const PONG_TIMEOUT_MS = 1000;

/**
 * The orderly end of a connection (RFC 9113 §6.8): a first GOAWAY that refuses nothing, a round trip
 * in which calls under way still arrive, and a second one that names the last call accepted.
 */
export class Drain {
  #state: "open" | "announced" | "final" = "open";
  #announcedAtMs = 0;
  #lastStreamId = MAX_STREAM_ID;

  get isFinal(): boolean {
    return this.#state === "final";
  }

  /** Sends the first GOAWAY; false when it was sent before. */
  announce(frames: FrameWriter, nowMs: number): boolean {
    if (this.#state !== "open") return false;
    this.#state = "announced";
    this.#announcedAtMs = nowMs;
    frames.goaway(MAX_STREAM_ID, ErrorCode.noError, "server is shutting down");
    frames.ping(DRAIN_PAYLOAD, 0, false);
    return true;
  }

  /** Whether this PONG ends the round trip. */
  isAnsweredBy(bytes: Uint8Array, start: number): boolean {
    return this.#state === "announced" && bytes[start] === DRAIN_PAYLOAD[0];
  }

  isOverdue(nowMs: number): boolean {
    return this.#state === "announced" && nowMs - this.#announcedAtMs >= PONG_TIMEOUT_MS;
  }

  /** Sends the second GOAWAY: streams above `lastStreamId` do not exist for us. */
  finalize(frames: FrameWriter, lastStreamId: number): void {
    this.#state = "final";
    this.#lastStreamId = lastStreamId;
    frames.goaway(lastStreamId, ErrorCode.noError, "server is shutting down");
  }

  /** The last stream to name in a GOAWAY; it must not grow once it was named (§6.8). */
  lastAccepted(lastStreamId: number): number {
    return Math.min(lastStreamId, this.#lastStreamId);
  }

  refuses(streamId: number): boolean {
    return streamId > this.#lastStreamId;
  }
}
