import type { MemberId } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import type { TransportLimits } from "../host.ts";
import type { Hello, Lane, Refusal } from "./handshake.ts";
import type { TransportHandler } from "./transport.ts";
import type { TransportCounters } from "./transport-counters.ts";

/** What the parts of one transport share. */
export interface TransportContext {
  readonly environment: Environment;
  readonly counters: TransportCounters;
  readonly limits: TransportLimits;
  readonly self: MemberId;
  /** Known after `start`. */
  readonly handler: TransportHandler;
  hello(target: MemberId, lane: Lane, nonce: number): Hello;
  /** Decides about a host that has named itself; asks the disk when it is new. Calls `then` exactly once. */
  admit(
    host: MemberId,
    dataId: string,
    incarnation: number,
    then: (refusal: Refusal | undefined) => void,
  ): void;
  /** Something waits to be flushed at the end of this turn. */
  wantFlush(): void;
}

/** Largest frame body per lane, checked before allocation. */
export const LANE_BODY_BYTES_MAX: Readonly<Record<Lane, number>> = {
  /** A coalesced frame with heartbeats of 10 000 groups takes about 300 KiB. */
  control: 1 << 20,
  /** One append: `appendBytesMax` of payload, or a single entry of a full batch with the largest command. */
  log: 32 << 20,
  /** One snapshot chunk and its place. */
  bulk: (1 << 20) + 64,
};

/** How often an idle connection is asked whether it still works. */
export const PING_INTERVAL_MS = 500;

/**
 * So many pings in a row without a byte back end a connection. Counted in pings, not in time: after a stall of our
 * own event loop the answers are still waiting to be read.
 */
export const PINGS_UNANSWERED_MAX = 4;
