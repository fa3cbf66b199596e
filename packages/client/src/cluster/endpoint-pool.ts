import type { TlsOptions } from "../endpoint.ts";
import { parseEndpoint } from "../endpoint.ts";
import { ClientError } from "../errors.ts";
import { Channel } from "../transport/channel.ts";
import { backoffMs } from "./backoff.ts";

/** What the client thinks of one endpoint. */
export interface EndpointHealth {
  /** As it was given. */
  readonly endpoint: string;
  /** `unknown` until it was first asked; `resting` after a failure, until `retryInMs` is over. */
  readonly state: "unknown" | "healthy" | "resting";
  readonly connected: boolean;
  /** Failures in a row. */
  readonly failures: number;
  /** How long it is still left alone, in milliseconds. */
  readonly retryInMs: number;
  /** Whether it is the leader, as far as this client knows. */
  readonly leads: boolean;
  readonly memberId: bigint | undefined;
}

/** Which member a request should go to when there is a choice. */
export type Preference =
  /** The leader, if known: a write then takes no detour. */
  | "leader"
  /** One after the other, so that all share the work. */
  | "spread"
  /** The one that answered last: what it has seen it still has. */
  | "same";

/** One endpoint and what is known of it. */
export class Place {
  readonly channel: Channel;
  memberId: bigint | undefined;
  failures = 0;
  asked = false;
  restsUntilMs = 0;

  constructor(channel: Channel) {
    this.channel = channel;
  }

  get name(): string {
    return this.channel.endpoint.text;
  }
}

/** The endpoints, their health, and the order in which to ask them. */
export class EndpointPool {
  readonly places: readonly Place[];
  readonly #clock: () => number;
  #leader: bigint | undefined;
  #current = 0;
  #turn = 0;

  constructor(
    endpoints: readonly string[],
    tls: TlsOptions | undefined,
    clock: () => number = () => performance.now(),
  ) {
    if (endpoints.length === 0) {
      throw new ClientError("INVALID_ARGUMENT", "There must be at least one endpoint.", {
        outcome: "notApplied",
      });
    }
    this.#clock = clock;
    this.places = endpoints
      .map((text) => parseEndpoint(text, tls !== undefined))
      .map((endpoint) => new Place(new Channel(endpoint, tls)));
  }

  /** The place to ask first, if nothing speaks against it: the usual case, without looking at the others. */
  readyFirst(preference: Preference): Place | undefined {
    const turn = this.#turn;
    const place = this.places[this.#first(preference)];
    if (place !== undefined && place.restsUntilMs === 0 && place.channel.connected) return place;
    // It was not this one's turn, then: whoever looks at all of them begins with it.
    this.#turn = turn;
    return undefined;
  }

  /** Places in the order to ask them: rested ones as preferred, then the resting ones, the shortest rest first. */
  candidates(preference: Preference): readonly Place[] {
    const now = this.#clock();
    const first = this.#first(preference);
    const order = [...this.places.slice(first), ...this.places.slice(0, first)];
    const rested = order.filter(({ restsUntilMs }) => restsUntilMs <= now);
    const resting = order
      .filter(({ restsUntilMs }) => restsUntilMs > now)
      .sort((one, other) => one.restsUntilMs - other.restsUntilMs);
    return [...rested, ...resting];
  }

  pinned(endpoint: string): readonly Place[] {
    const pinned = this.places.filter(({ name }) => name === endpoint);
    if (pinned.length > 0) return pinned;
    throw new ClientError(
      "INVALID_ARGUMENT",
      `"${endpoint}" is not one of this client's endpoints.`,
      { outcome: "notApplied" },
    );
  }

  /** How long a place is still to be left alone. */
  restMs(place: Place): number {
    return Math.max(0, place.restsUntilMs - this.#clock());
  }

  answered(place: Place): void {
    place.asked = true;
    place.failures = 0;
    place.restsUntilMs = 0;
    this.#current = Math.max(0, this.places.indexOf(place));
  }

  failed(place: Place): void {
    place.asked = true;
    place.failures += 1;
    place.restsUntilMs = this.#clock() + backoffMs(place.failures);
    if (this.#leader !== undefined && place.memberId === this.#leader) this.#leader = undefined;
  }

  get leader(): bigint | undefined {
    return this.#leader;
  }

  lead(memberId: bigint | undefined): void {
    this.#leader = memberId;
  }

  health(): readonly EndpointHealth[] {
    return this.places.map((place) => {
      const retryInMs = this.restMs(place);
      return {
        endpoint: place.name,
        state:
          retryInMs > 0 ? "resting" : place.asked && place.failures === 0 ? "healthy" : "unknown",
        connected: place.channel.connected,
        failures: place.failures,
        retryInMs,
        leads: place.memberId !== undefined && place.memberId === this.#leader,
        memberId: place.memberId,
      };
    });
  }

  close(): void {
    for (const { channel } of this.places) channel.close();
  }

  #first(preference: Preference): number {
    if (preference === "spread") {
      this.#turn = (this.#turn + 1) % this.places.length;
      return this.#turn;
    }
    if (preference === "leader" && this.#leader !== undefined) {
      const leads = this.places.findIndex(({ memberId }) => memberId === this.#leader);
      if (leads >= 0) return leads;
    }
    return this.#current;
  }
}
