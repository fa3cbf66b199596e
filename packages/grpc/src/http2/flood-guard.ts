import type { Http2Limits } from "./limits.ts";
import { ConnectionError, ErrorCode } from "./protocol.ts";
import { TokenBucket } from "./token-bucket.ts";

/** A stream reset before this age was opened only to be reset, as far as the budget is concerned. */
const RAPID_RESET_AGE_MS = 1000;

/** WINDOW_UPDATE frames that one DATA frame of ours earns: one for the stream, one for the connection. */
const WINDOW_UPDATES_PER_DATA = 2;

/** PING frames that one DATA frame of ours earns: clients measure the bandwidth with one for each burst of data. */
const PINGS_PER_DATA = 1;

/**
 * Counts the frames that cost the server more than the client who sends them, per connection.
 * Every method throws a ConnectionError (ENHANCE_YOUR_CALM) when its budget is used up: the client
 * gets GOAWAY, and its calls end.
 */
export class FloodGuard {
  readonly #clock: () => number;
  readonly #rapidResets: TokenBucket;
  readonly #settings: TokenBucket;
  readonly #pings: TokenBucket;
  readonly #useless: TokenBucket;
  readonly #windowUpdates: TokenBucket;
  readonly #emptyData: TokenBucket;

  constructor(limits: Http2Limits, clock: () => number) {
    const nowMs = clock();
    this.#clock = clock;
    this.#rapidResets = new TokenBucket(limits.rapidResets, nowMs);
    this.#settings = new TokenBucket(limits.settings, nowMs);
    this.#pings = new TokenBucket(limits.pings, nowMs);
    this.#useless = new TokenBucket(limits.uselessFrames, nowMs);
    this.#windowUpdates = new TokenBucket(limits.windowUpdates, nowMs);
    this.#emptyData = new TokenBucket(limits.emptyData, nowMs);
  }

  /** The client reset a stream, or made us reset one, `ageMs` after it was opened. */
  reset(ageMs: number): void {
    if (ageMs < RAPID_RESET_AGE_MS) this.#take(this.#rapidResets, "too many resets");
  }

  settings(): void {
    this.#take(this.#settings, "too many SETTINGS frames");
  }

  ping(): void {
    this.#take(this.#pings, "too_many_pings");
  }

  uselessFrame(): void {
    this.#take(this.#useless, "too many frames of no use");
  }

  windowUpdate(): void {
    this.#take(this.#windowUpdates, "too many WINDOW_UPDATE frames");
  }

  emptyData(): void {
    this.#take(this.#emptyData, "too many empty DATA frames");
  }

  /** We sent a DATA frame, so that WINDOW_UPDATEs and a bandwidth probe are to be expected. */
  dataSent(): void {
    this.#windowUpdates.earn(WINDOW_UPDATES_PER_DATA);
    this.#pings.earn(PINGS_PER_DATA);
  }

  #take(bucket: TokenBucket, message: string): void {
    if (!bucket.take(this.#clock)) throw new ConnectionError(ErrorCode.enhanceYourCalm, message);
  }
}
