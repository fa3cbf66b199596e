import { setMaxListeners } from "node:events";
import type { MethodKind } from "@quorate/protocol";
import { pause, untilAborted } from "./cluster/backoff.ts";
import { EndpointPool, type Place, type Preference } from "./cluster/endpoint-pool.ts";
import { LeaderSearch } from "./cluster/leader-search.ts";
import { type Identification, TokenSource, type User } from "./cluster/token-source.ts";
import { judge, type Repeatable, type Verdict, wantsNewToken } from "./cluster/verdict.ts";
import type { TlsOptions } from "./endpoint.ts";
import { ClientError } from "./errors.ts";
import type { CallEnd, CallResult } from "./transport/call-end.ts";
import { CallStream } from "./transport/call-stream.ts";
import type { Method } from "./transport/channel.ts";

/** What every call takes. */
export interface CallOptions {
  /** Whole budget of the call in milliseconds, retries included. Default: the client's. */
  readonly timeoutMs?: number | undefined;
  /** Ends the call early; it then rejects with ABORTED. */
  readonly signal?: AbortSignal | undefined;
}

/** Where a request may go. */
export interface RoutedOptions extends CallOptions {
  /** Only to this endpoint, one of the client's. */
  readonly at?: string | undefined;
  readonly preference?: Preference | undefined;
}

/** What `Requests` are made with; every value is given. */
export interface RequestsOptions {
  readonly endpoints: readonly string[];
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly attemptTimeoutMs: number;
  readonly callsMax: number;
  readonly tls: TlsOptions | undefined;
  readonly user: User | undefined;
}

/** After everybody was asked in vain, at least this long until anybody is asked again. */
const ROUND_PAUSE_MS = 25;

const NOT_APPLIED = { outcome: "notApplied" } as const;

/** Attempts that ended before the request itself left. */
const NEVER_SENT = {
  timeout: { ok: false, end: { type: "timeout", reached: false } },
  cancelled: { ok: false, end: { type: "cancelled", reached: false } },
} as const;

/**
 * Sends requests to whichever member answers, goes on to the next when one cannot be reached or cannot serve, and repeats
 * what can be repeated without doing it twice.
 */
export class Requests {
  readonly pool: EndpointPool;
  readonly #options: RequestsOptions;
  readonly #tokens: TokenSource;
  readonly #search: LeaderSearch;
  readonly #closing = new AbortController();
  #running = 0;

  constructor(options: RequestsOptions) {
    this.#options = options;
    // Every call that waits listens to it: their number has a limit of its own.
    setMaxListeners(0, this.#closing.signal);
    this.pool = new EndpointPool(options.endpoints, options.tls);
    this.#tokens = new TokenSource(options.user);
    this.#search = new LeaderSearch(this.pool, this.#tokens);
  }

  get timeoutMs(): number {
    return this.#options.timeoutMs;
  }

  /** Aborted when the client is closed. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  close(): void {
    this.#closing.abort(new ClientError("ABORTED", "The client is closed.", NOT_APPLIED));
    this.pool.close();
  }

  /** One request, one answer. */
  async call<Req, ReqInit, Res, ResInit>(
    method: Method<Req, ReqInit, Res, ResInit, "unary">,
    request: ReqInit,
    repeatable: Repeatable,
    options: RoutedOptions = {},
  ): Promise<Res> {
    const { callsMax } = this.#options;
    if (this.#running >= callsMax) {
      throw new ClientError("OVERLOADED", `${callsMax} calls are under way.`, NOT_APPLIED);
    }
    this.#running += 1;
    try {
      return await this.#call(method, method.request.encode(request), repeatable, options);
    } finally {
      this.#running -= 1;
    }
  }

  async #call<Req, ReqInit, Res, ResInit>(
    method: Method<Req, ReqInit, Res, ResInit, "unary">,
    request: Uint8Array,
    repeatable: Repeatable,
    options: RoutedOptions,
  ): Promise<Res> {
    const untilMs = performance.now() + (options.timeoutMs ?? this.#options.timeoutMs);
    const tried = new Set<Place>();
    let last: ClientError | undefined;
    // Once an attempt may have taken effect, no later failure can say that nothing happened.
    let unknown = false;
    for (;;) {
      this.#checkOpen(options.signal, unknown);
      const place = this.#straight(tried, options) ?? (await this.#next(tried, untilMs, options));
      if (place === undefined) {
        this.#checkOpen(options.signal, unknown);
        throw this.#exhausted(last, unknown, options.at);
      }
      const isThere = place.channel.connected;
      if (!isThere && !(await this.#connect(place, untilMs, options.signal))) continue;
      const withinMs = this.#attemptMs(untilMs, repeatable, options.at);
      if (withinMs <= 0) continue;
      const result = await this.#attempt(place, method, request, withinMs, options.signal);
      if (result.ok) {
        this.pool.answered(place);
        this.#search.heard(place, result.response);
        return result.response;
      }
      const verdict = this.#judged(result.end, repeatable, place);
      unknown ||= verdict.error.outcome === "unknown";
      last = unknown ? asUnknown(verdict.error) : verdict.error;
      if (!verdict.again) throw last;
    }
  }

  /** Opens a stream to the first member that can be reached; `request` is the only one of a method that takes one. */
  async openStream<Req, ReqInit, Res, ResInit>(
    method: Method<Req, ReqInit, Res, ResInit, Exclude<MethodKind, "unary">>,
    request?: ReqInit,
    options: RoutedOptions & { readonly metadata?: Readonly<Record<string, string>> } = {},
  ): Promise<CallStream<ReqInit, Res>> {
    const untilMs = performance.now() + (options.timeoutMs ?? this.#options.timeoutMs);
    const places =
      options.at === undefined
        ? this.pool.candidates(options.preference ?? "same")
        : this.pool.pinned(options.at);
    for (const place of places) {
      this.#checkOpen(options.signal, false);
      if (!(await this.#connect(place, untilMs, options.signal))) continue;
      const leftMs = untilMs - performance.now();
      const identity = await this.#identify(place, leftMs, options.signal);
      if (!identity.ok) throw this.#judged(identity.end, "read", place).error;
      const metadata = { ...options.metadata, ...identity.metadata };
      const stream = new CallStream<ReqInit, Res>(
        { encode: method.request.encode, decode: method.response.decode },
        (end) => {
          if (wantsNewToken(end)) this.#tokens.refused(metadata);
          if (end.type === "status" && end.code === 0) return undefined;
          return this.#judged(end, "read", place).error;
        },
      );
      const call = place.channel.start(method.path, metadata, {
        message: (bytes) => stream.onMessage(bytes),
        end: (end) => stream.onEnd(end),
      });
      if (call === undefined) continue;
      stream.begin(call);
      if (request !== undefined) call.finish(method.request.encode(request));
      return stream;
    }
    this.#checkOpen(options.signal, false);
    throw this.#exhausted(undefined, false, options.at);
  }

  /** The first place to ask, where there is no reason to look further: nearly every call, for which each promise counts. */
  #straight(tried: Set<Place>, options: RoutedOptions): Place | undefined {
    if (tried.size > 0 || options.at !== undefined) return undefined;
    const place = this.pool.readyFirst(options.preference ?? "same");
    if (place !== undefined) tried.add(place);
    return place;
  }

  /** The next place to ask; pauses when all have been asked or rest. Undefined when the time is over. */
  async #next(
    tried: Set<Place>,
    untilMs: number,
    options: RoutedOptions,
  ): Promise<Place | undefined> {
    const candidates =
      options.at === undefined
        ? this.pool.candidates(options.preference ?? "same")
        : this.pool.pinned(options.at);
    const place = candidates.find((candidate) => !tried.has(candidate)) ?? candidates[0];
    const leftMs = untilMs - performance.now();
    if (place === undefined || leftMs <= 0) return undefined;
    const again = tried.has(place);
    if (again) tried.clear();
    tried.add(place);
    const restMs = Math.max(this.pool.restMs(place), again ? ROUND_PAUSE_MS : 0);
    if (restMs > 0 && (again || candidates.every((other) => this.pool.restMs(other) > 0))) {
      await pause(Math.min(restMs, leftMs), this.#either(options.signal));
    }
    return untilMs - performance.now() > 0 ? place : undefined;
  }

  async #connect(place: Place, untilMs: number, signal?: AbortSignal): Promise<boolean> {
    if (place.channel.connected) return true;
    const withinMs = Math.min(untilMs - performance.now(), this.#options.connectTimeoutMs);
    if (withinMs <= 0) return false;
    const connected = await untilAborted(place.channel.connect(withinMs), this.#either(signal));
    if (connected === false) this.pool.failed(place);
    return connected === true;
  }

  /** What may be repeated elsewhere does not spend its whole time on one member that says nothing. */
  #attemptMs(untilMs: number, repeatable: Repeatable, at: string | undefined): number {
    const leftMs = untilMs - performance.now();
    const only = at !== undefined || this.pool.places.length === 1 || repeatable === "write";
    return only ? leftMs : Math.min(leftMs, this.#options.attemptTimeoutMs);
  }

  async #attempt<Req, ReqInit, Res, ResInit>(
    place: Place,
    method: Method<Req, ReqInit, Res, ResInit, "unary">,
    request: Uint8Array,
    attemptMs: number,
    signal: AbortSignal | undefined,
  ): Promise<CallResult<Res>> {
    // Whatever the token takes is taken from the same time.
    const untilMs = performance.now() + attemptMs;
    for (let refusals = 0; ; refusals += 1) {
      const identity =
        this.#tokens.ready() ?? (await this.#identify(place, untilMs - performance.now(), signal));
      if (!identity.ok) return identity;
      if (signal?.aborted === true) return NEVER_SENT.cancelled;
      const withinMs = untilMs - performance.now();
      if (withinMs <= 0) return NEVER_SENT.timeout;
      const { metadata } = identity;
      const result = await place.channel.unary(method, request, { metadata, withinMs, signal });
      if (result.ok || !wantsNewToken(result.end) || !this.#tokens.needed) return result;
      this.#tokens.refused(metadata);
      if (refusals > 0) return result;
    }
  }

  /** A token that another call is fetching may take longer than this one has. */
  async #identify(
    place: Place,
    withinMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Identification> {
    if (withinMs <= 0) return NEVER_SENT.timeout;
    const known = this.#tokens.ready();
    if (known !== undefined) return known;
    const late = AbortSignal.timeout(Math.ceil(withinMs));
    const given = AbortSignal.any([late, this.#either(signal)]);
    const identity = await untilAborted(this.#tokens.identify(place, withinMs), given);
    if (identity !== undefined) return identity;
    return late.aborted ? NEVER_SENT.timeout : NEVER_SENT.cancelled;
  }

  #judged(end: CallEnd, repeatable: Repeatable, place: Place): Verdict {
    const verdict = judge(end, repeatable, place.name);
    if (verdict.avoid) this.pool.failed(place);
    if (!this.closed.aborted || verdict.error.code !== "INTERRUPTED") return verdict;
    const { outcome } = verdict.error;
    const error = new ClientError("ABORTED", "The client is closed.", { outcome });
    return { error, again: false, avoid: false };
  }

  #either(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.closed : AbortSignal.any([signal, this.closed]);
  }

  #checkOpen(signal: AbortSignal | undefined, unknown: boolean): void {
    if (signal?.aborted !== true && !this.closed.aborted) return;
    const why = this.closed.aborted ? "The client is closed." : "The call was aborted.";
    throw new ClientError("ABORTED", why, {
      outcome: unknown ? "unknown" : "notApplied",
      cause: signal?.reason,
    });
  }

  #exhausted(last: ClientError | undefined, unknown: boolean, at: string | undefined): ClientError {
    // An answer, even a refusal, says more than the failure to reach somebody else.
    if (last !== undefined) return last;
    const asked = at === undefined ? this.pool.places : this.pool.pinned(at);
    const names = asked.map(({ name }) => name).join(", ");
    const cause = asked.find(({ channel }) => channel.lastFailure !== undefined)?.channel
      .lastFailure;
    const why = isAboutTls(cause) ? ` TLS failed: ${cause.message.trim()}.` : "";
    return new ClientError("UNREACHABLE", `No endpoint could be reached: ${names}.${why}`, {
      outcome: unknown ? "unknown" : "notApplied",
      cause,
    });
  }
}

function asUnknown(error: ClientError): ClientError {
  if (error.outcome === "unknown") return error;
  const { status, endpoint, cause } = error;
  return new ClientError(error.code, error.message, {
    outcome: "unknown",
    status,
    endpoint,
    cause,
  });
}

/** A certificate that is not trusted, or not shown, is nothing that passes: the message has to name it. */
function isAboutTls(error: unknown): error is Error {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return /SSL|CERT|SIGNATURE|ALTNAME/.test(String(error.code));
}
