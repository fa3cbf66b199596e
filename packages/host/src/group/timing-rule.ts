import type { MemberId } from "@quorate/core";
import type { GroupCounters } from "./counters.ts";
import type { EventFeed } from "./event-feed.ts";
import type { MemberAddress } from "./membership-request.ts";

/** What the core does without a setting. */
export const ELECTION_TICKS_DEFAULT = 10;

/** An election time-out of fewer broadcasts than this takes slowness for death. Source: Raft §5.6, "an order of magnitude". */
const BROADCASTS_MIN = 10;

/** What was slow must be so much faster than needed before it counts as mended, so that nobody is told back and forth. */
const MENDED_FACTOR = 1.2;

/** What a broadcast takes: the way to the slowest member and back, and a write to the log. */
export interface BroadcastTime {
  readonly peer: MemberId;
  readonly roundTripMs: number;
  /** Average of the writes to this member's log since the last look; of the last ones where there were none. */
  readonly diskMs: number;
  readonly electionTimeoutMs: number;
}

export interface TimedGroup {
  readonly feed: EventFeed;
  readonly counters: GroupCounters;
  readonly companion: { address(member: MemberId): MemberAddress | undefined };
  readonly parts: {
    readonly tickMs: number;
    readonly coreSettings: { readonly electionTicks?: number | undefined };
    readonly transport: {
      peers(): readonly { readonly peer: MemberId; readonly roundTripMs: number | undefined }[];
    };
  };
}

/** Measures whether the broadcast time is well below the election time-out, and tells when that changes. */
export class TimingRule {
  readonly #group: TimedGroup;
  readonly #electionTicks: number;
  readonly #electionTimeoutMs: number;
  #ticks = 0;
  #appends = 0;
  #appendMs = 0;
  #diskMs = 0;
  #broken: BroadcastTime | undefined;

  constructor(group: TimedGroup) {
    this.#group = group;
    const { tickMs, coreSettings } = group.parts;
    this.#electionTicks = coreSettings.electionTicks ?? ELECTION_TICKS_DEFAULT;
    this.#electionTimeoutMs = this.#electionTicks * tickMs;
  }

  /** What was measured when the rule was last seen broken, undefined while it holds. */
  get broken(): BroadcastTime | undefined {
    return this.#broken;
  }

  /** Looks once per election time-out. */
  tick(): void {
    this.#ticks += 1;
    if (this.#ticks < this.#electionTicks) return;
    this.#ticks = 0;
    this.#measureDisk();
    const slowest = this.#slowest();
    if (slowest === undefined) return;
    const neededMs = (slowest.roundTripMs + slowest.diskMs) * BROADCASTS_MIN;
    const wasBroken = this.#broken !== undefined;
    const isBroken = neededMs * (wasBroken ? MENDED_FACTOR : 1) > this.#electionTimeoutMs;
    this.#broken = isBroken ? slowest : undefined;
    if (isBroken === wasBroken) return;
    this.#group.feed.emit({ type: isBroken ? "timingRuleBroken" : "timingRuleKept", ...slowest });
  }

  #measureDisk(): void {
    const { logAppends, logAppendMs } = this.#group.counters;
    const appends = logAppends - this.#appends;
    if (appends > 0) this.#diskMs = (logAppendMs - this.#appendMs) / appends;
    this.#appends = logAppends;
    this.#appendMs = logAppendMs;
  }

  #slowest(): BroadcastTime | undefined {
    const { parts, companion } = this.#group;
    let slowest: BroadcastTime | undefined;
    for (const { peer, roundTripMs } of parts.transport.peers()) {
      if (roundTripMs === undefined || companion.address(peer) === undefined) continue;
      if (slowest !== undefined && slowest.roundTripMs >= roundTripMs) continue;
      const electionTimeoutMs = this.#electionTimeoutMs;
      slowest = { peer, roundTripMs, diskMs: this.#diskMs, electionTimeoutMs };
    }
    return slowest;
  }
}
