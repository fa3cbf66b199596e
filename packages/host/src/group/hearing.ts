import type { MemberId } from "@quorate/core";
import type { GroupParts } from "./group-parts.ts";
import { ELECTION_TICKS_DEFAULT } from "./timing-rule.ts";

/** When each member was heard last. The core's own mark is cleared at every quorum check. */
export class Hearing {
  readonly #heardMs: Map<MemberId, number> = new Map();
  readonly #self: MemberId;
  readonly #parts: Pick<
    GroupParts<never, never, never, never>,
    "environment" | "coreSettings" | "tickMs"
  >;

  constructor(
    self: MemberId,
    parts: Pick<GroupParts<never, never, never, never>, "environment" | "coreSettings" | "tickMs">,
  ) {
    this.#self = self;
    this.#parts = parts;
  }

  heard(member: MemberId): void {
    this.#heardMs.set(member, this.#parts.environment.nowMs());
  }

  /** Whether `member` was heard within an election time-out. */
  answers(member: MemberId): boolean {
    if (member === this.#self) return true;
    const heardMs = this.#heardMs.get(member);
    const { environment, coreSettings, tickMs } = this.#parts;
    const withinMs = (coreSettings.electionTicks ?? ELECTION_TICKS_DEFAULT) * tickMs;
    return heardMs !== undefined && environment.nowMs() - heardMs <= withinMs;
  }
}
