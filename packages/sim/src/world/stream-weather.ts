/** How streams between machines behave. Rates are probabilities, times in milliseconds. */
export interface StreamWeather {
  readonly delayMinMs: number;
  readonly delayMaxMs: number;
  /** Per piece: everything behind it waits as well, as after a lost packet. */
  readonly stallRate: number;
  readonly stallMaxMs: number;
  /** Per frame of a kind that may be lost: messages between members and heartbeats. */
  readonly frameLossRate: number;
  readonly frameDuplicateRate: number;
  readonly frameReorderRate: number;
  /** Per frame: one bit is flipped on the way. */
  readonly corruptRate: number;
  /** Probability that a piece arrives in small bits, down to single bytes. */
  readonly splitRate: number;
  /** Bytes per millisecond and direction; Infinity for no limit. */
  readonly bytesPerMs: number;
}

export const CALM_STREAMS: StreamWeather = Object.freeze({
  delayMinMs: 0.5,
  delayMaxMs: 2,
  stallRate: 0,
  stallMaxMs: 0,
  frameLossRate: 0,
  frameDuplicateRate: 0,
  frameReorderRate: 0,
  corruptRate: 0,
  splitRate: 0,
  bytesPerMs: Number.POSITIVE_INFINITY,
});
