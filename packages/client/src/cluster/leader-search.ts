import { MaintenanceService } from "@quorate/protocol";
import type { EndpointPool, Place } from "./endpoint-pool.ts";
import type { TokenSource } from "./token-source.ts";

/** At most one search in this time, however often leaders change. */
const SEARCH_EVERY_MS = 500;
/** A member that does not say within this time who leads is not asked further. */
const ANSWER_WITHIN_MS = 1_000;

/**
 * Finds out who leads, without ever polling: the terms in the headers of answers tell that leadership changed, and only then
 * the members are asked. Any member takes any write; knowing the leader saves the detour.
 */
export class LeaderSearch {
  readonly #pool: EndpointPool;
  readonly #tokens: TokenSource;
  #term = 0;
  #searching = false;
  #searchedAtMs = Number.NEGATIVE_INFINITY;

  constructor(pool: EndpointPool, tokens: TokenSource) {
    this.#pool = pool;
    this.#tokens = tokens;
  }

  /** Takes notice of an answer. */
  heard(place: Place, response: unknown): void {
    const header = headerOf(response);
    if (header === undefined) return;
    place.memberId = header.memberId;
    if (this.#pool.places.length < 2) return;
    const changed = header.raftTerm > this.#term;
    this.#term = Math.max(this.#term, header.raftTerm);
    if (!changed && this.#pool.leader !== undefined) return;
    if (changed) this.#pool.lead(undefined);
    const now = performance.now();
    if (this.#searching || now - this.#searchedAtMs < SEARCH_EVERY_MS) return;
    this.#searchedAtMs = now;
    this.#searching = true;
    void this.#search().finally(() => {
      this.#searching = false;
    });
  }

  async #search(): Promise<void> {
    const answers = await Promise.all(this.#pool.places.map((place) => this.#ask(place)));
    const newest = answers
      .filter((answer) => answer !== undefined && answer.leader !== 0n)
      .sort((one, other) => (other?.raftTerm ?? 0) - (one?.raftTerm ?? 0))[0];
    if (newest !== undefined) this.#pool.lead(newest.leader);
  }

  async #ask(
    place: Place,
  ): Promise<{ readonly leader: bigint; readonly raftTerm: number } | undefined> {
    if (this.#pool.restMs(place) > 0 || !(await place.channel.connect(ANSWER_WITHIN_MS))) {
      return undefined;
    }
    const result = await place.channel.unary(
      MaintenanceService.status,
      MaintenanceService.status.request.encode({}),
      { metadata: this.#tokens.known(), withinMs: ANSWER_WITHIN_MS, signal: undefined },
    );
    if (!result.ok) return undefined;
    const { header, leader, raftTerm } = result.response;
    if (header !== undefined) place.memberId = header.memberId;
    return { leader, raftTerm };
  }
}

interface Header {
  readonly memberId: bigint;
  readonly raftTerm: number;
}

/** The header that nearly every answer has. */
function headerOf(response: unknown): Header | undefined {
  if (typeof response !== "object" || response === null || !("header" in response))
    return undefined;
  const { header } = response;
  if (typeof header !== "object" || header === null) return undefined;
  if (!("memberId" in header) || !("raftTerm" in header)) return undefined;
  const { memberId, raftTerm } = header;
  return typeof memberId === "bigint" && typeof raftTerm === "number"
    ? { memberId, raftTerm }
    : undefined;
}
