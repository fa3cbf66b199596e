import { Metadata, status } from "@grpc/grpc-js";
import { AuthService, type MethodDescriptor } from "@quorate/protocol";
import { Channel } from "./channel.ts";
import { type Endpoint, parseEndpoint, type TlsOptions } from "./endpoint.ts";
import { ClientError } from "./errors.ts";
import { CallStream } from "./stream.ts";

/** What every call takes. */
export interface CallOptions {
  /** Whole budget of the call in milliseconds, retries included. Default: the client's. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RequestsOptions {
  readonly endpoints: readonly string[];
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly tls: TlsOptions | undefined;
  readonly user: { readonly name: string; readonly password: string } | undefined;
}

/** `read` may be repeated at will; `write` only as long as nothing of it has left. */
export type Repeatable = "read" | "write";

const RETRY_PAUSE_MS = 25;

/** Texts with which a member says that it did nothing: another one may be luckier. */
const NOT_APPLIED: ReadonlySet<string> = new Set([
  "etcdserver: no leader",
  "etcdserver: server stopped",
  "etcdserver: leader changed",
  "etcdserver: rpc not supported for learner",
]);

/** Answers that mean: prove again who you are. */
const REAUTHENTICATE: ReadonlySet<string> = new Set([
  "etcdserver: invalid auth token",
  "etcdserver: revision of auth store is old",
  "etcdserver: user name is empty",
]);

/**
 * Sends requests to whichever member answers: stays with the one that answered last, goes on to the next when it
 * cannot be reached, and repeats what can be repeated without doing it twice.
 */
export class Requests {
  readonly #channels: readonly Channel[];
  readonly #options: RequestsOptions;
  #current = 0;
  #token: string | undefined;
  #closed = false;

  constructor(options: RequestsOptions) {
    this.#options = options;
    if (options.endpoints.length === 0) {
      throw new ClientError("INVALID_ARGUMENT", "There must be at least one endpoint.", {
        outcome: "notApplied",
      });
    }
    this.#channels = options.endpoints
      .map((text) => parseEndpoint(text, options.tls !== undefined))
      .map((endpoint) => new Channel(endpoint, options.tls));
  }

  get endpoints(): readonly Endpoint[] {
    return this.#channels.map(({ endpoint }) => endpoint);
  }

  close(): void {
    this.#closed = true;
    for (const channel of this.#channels) channel.close();
  }

  /** Asks any member; `at` pins the request to one endpoint. */
  async call<Request, RequestInit, Response, ResponseInit>(
    method: MethodDescriptor<Request, RequestInit, Response, ResponseInit, "unary">,
    request: RequestInit,
    repeatable: Repeatable,
    options: CallOptions & { readonly at?: string | undefined } = {},
  ): Promise<Response> {
    const until = Date.now() + (options.timeoutMs ?? this.#options.timeoutMs);
    const channels = this.#candidates(options.at);
    let last = unreachable(channels, undefined);
    for (let attempt = 0; ; attempt += 1) {
      const turn = attempt % channels.length;
      const channel = channels[turn];
      const leftMs = until - Date.now();
      if (channel === undefined || leftMs <= 0) throw last;
      this.#checkOpen(options.signal);
      if (turn === 0 && attempt > 0) await pause(Math.min(RETRY_PAUSE_MS, leftMs), options.signal);
      if (!(await channel.connect(Math.min(leftMs, this.#options.connectTimeoutMs)))) {
        last = unreachable(channels, last);
        continue;
      }
      try {
        const response = await this.#attempt(channel, method, request, until, options.signal);
        this.#current = Math.max(0, this.#channels.indexOf(channel));
        return response;
      } catch (error) {
        last = clientError(error, channel.endpoint, options.signal, repeatable);
        const again = last.code === "INTERRUPTED" || isPassing(last);
        if (!again || (repeatable === "write" && last.outcome === "unknown")) throw last;
      }
    }
  }

  /** Opens a stream to the first member that can be reached; `request` is the only one of a method that takes one. */
  async openStream<Request, RequestInit, Response, ResponseInit>(
    method: MethodDescriptor<
      Request,
      RequestInit,
      Response,
      ResponseInit,
      "bidiStream" | "serverStream"
    >,
    request?: RequestInit,
    options: CallOptions & { readonly at?: string | undefined } = {},
  ): Promise<CallStream<RequestInit, Response>> {
    const until = Date.now() + (options.timeoutMs ?? this.#options.timeoutMs);
    const channels = this.#candidates(options.at);
    for (const channel of channels) {
      this.#checkOpen(options.signal);
      const withinMs = Math.min(until - Date.now(), this.#options.connectTimeoutMs);
      if (withinMs <= 0 || !(await channel.connect(withinMs))) continue;
      this.#current = Math.max(0, this.#channels.indexOf(channel));
      const asError = (error: unknown): ClientError =>
        clientError(error, channel.endpoint, options.signal, "read");
      let metadata: Metadata;
      try {
        metadata = await this.#metadata(channel, until);
      } catch (error) {
        throw asError(error);
      }
      return new CallStream(channel.stream(method, metadata, request), asError);
    }
    throw unreachable(channels, undefined);
  }

  /** The endpoint that answered last comes first. */
  #candidates(at: string | undefined): readonly Channel[] {
    if (at === undefined) {
      return [...this.#channels.slice(this.#current), ...this.#channels.slice(0, this.#current)];
    }
    const pinned = this.#channels.filter(({ endpoint }) => endpoint.text === at);
    if (pinned.length > 0) return pinned;
    throw new ClientError("INVALID_ARGUMENT", `"${at}" is not one of this client's endpoints.`, {
      outcome: "notApplied",
    });
  }

  async #attempt<Request, RequestInit, Response, ResponseInit>(
    channel: Channel,
    method: MethodDescriptor<Request, RequestInit, Response, ResponseInit, "unary">,
    request: RequestInit,
    until: number,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const send = async (): Promise<Response> =>
      channel.unary(method, request, {
        metadata: await this.#metadata(channel, until),
        withinMs: Math.max(1, until - Date.now()),
        signal,
      });
    try {
      return await send();
    } catch (error) {
      if (this.#options.user === undefined || !REAUTHENTICATE.has(detailsOf(error))) throw error;
      this.#token = undefined;
      return await send();
    }
  }

  async #metadata(channel: Channel, until: number): Promise<Metadata> {
    const metadata = new Metadata();
    const { user } = this.#options;
    if (user === undefined) return metadata;
    if (this.#token === undefined) {
      try {
        const { token } = await channel.unary(AuthService.authenticate, user, {
          metadata: new Metadata(),
          withinMs: Math.max(1, until - Date.now()),
          signal: undefined,
        });
        this.#token = token;
      } catch (error) {
        // A cluster that knows no users serves everybody.
        if (detailsOf(error) !== "etcdserver: authentication is not enabled") throw error;
        return metadata;
      }
    }
    metadata.set("token", this.#token);
    return metadata;
  }

  #checkOpen(signal: AbortSignal | undefined): void {
    if (signal?.aborted !== true && !this.#closed) return;
    const why = this.#closed ? "The client is closed." : "The call was aborted.";
    throw new ClientError("ABORTED", why, { outcome: "notApplied", cause: signal?.reason });
  }
}

function isPassing(error: ClientError): boolean {
  return error.status === status.UNAVAILABLE;
}

function detailsOf(error: unknown): string {
  return error instanceof Error && "details" in error ? String(error.details) : "";
}

/** What grpc-js reports, in this client's terms. */
function clientError(
  error: unknown,
  endpoint: Endpoint,
  signal: AbortSignal | undefined,
  repeatable: Repeatable,
): ClientError {
  if (error instanceof ClientError) return error;
  const code = error instanceof Error && "code" in error ? Number(error.code) : status.UNKNOWN;
  const details = detailsOf(error);
  const outcome = repeatable === "read" || NOT_APPLIED.has(details) ? "notApplied" : "unknown";
  const detail = { status: code, endpoint: endpoint.text, cause: error };
  if (signal?.aborted === true) {
    return new ClientError("ABORTED", "The call was aborted.", { ...detail, outcome });
  }
  if (isBroken(code, details)) {
    const message = `The connection to ${endpoint.text} broke.`;
    return new ClientError("INTERRUPTED", message, { ...detail, status: undefined, outcome });
  }
  if (code === status.DEADLINE_EXCEEDED) {
    const message = `${endpoint.text} did not answer in time.`;
    return new ClientError("TIMEOUT", message, { ...detail, outcome });
  }
  return new ClientError("REFUSED", details || `status ${code}`, {
    ...detail,
    outcome: code === status.UNAVAILABLE ? outcome : "notApplied",
  });
}

/** The stream ended without the member's own word: its process, or what lies between, is gone. */
function isBroken(code: number, details: string): boolean {
  if (details.startsWith("etcdserver: ")) return false;
  const isReset = code === status.INTERNAL && details.startsWith("Received RST_STREAM");
  return code === status.UNAVAILABLE || code === status.CANCELLED || isReset;
}

function unreachable(channels: readonly Channel[], last: ClientError | undefined): ClientError {
  // An answer, even a refusal, says more than the failure to reach somebody else.
  if (last !== undefined && last.code !== "UNREACHABLE") return last;
  const names = channels.map(({ endpoint }) => endpoint.text).join(", ");
  return new ClientError("UNREACHABLE", `No endpoint could be reached: ${names}.`, {
    outcome: "notApplied",
  });
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });
}
