import type { KvErrorCode, KvEvent, WatchResponse, WatchStream } from "@quorate/kv";
import {
  Event,
  type ResponseHeaderInit,
  type WatchCreateRequest,
  type WatchRequest,
  type WatchResponseInit,
} from "@quorate/protocol";
import type { RpcStream } from "../rpc/method.ts";
import { RpcError, STATUS } from "../rpc/status.ts";
import { failure, kvFailure } from "./failure.ts";
import { eventOut, type WatchOut } from "./watch-encoding.ts";
import type { CallerSource, WatchServiceOptions } from "./watch-service.ts";

/** What is taken from the store's queue at a time. */
const TAKE_BYTES = 256 * 1024;

/** Why a watcher is refused by `--max-watches-per-stream`. */
const TOO_MANY = "quorate: this stream has as many watchers as one may have: open another stream";

const FILTER_NOPUT = 0;
const FILTER_NODELETE = 1;

/** The id of a watcher that was refused. */
const NO_WATCHER = -1n;

/** One client stream with its watchers. */
export class WatchConnection {
  readonly #stream: RpcStream<WatchRequest, WatchOut>;
  readonly #options: WatchServiceOptions;
  readonly #watch: WatchStream;
  readonly #onClosed: () => void;
  readonly #ids: WatchIds = new WatchIds();
  /** Watchers that agreed to having large responses split. */
  readonly #fragmented = new Set<number>();
  /** Whether each watcher that is being created agreed; they are created in the order they were asked for. */
  readonly #wishes: boolean[] = [];
  /** Settles when the requests that have come are served. */
  #identified: Promise<void> | undefined;
  #watchers = 0;
  #isBlocked = false;
  #isClosed = false;

  constructor(
    stream: RpcStream<WatchRequest, WatchOut>,
    options: WatchServiceOptions,
    onClosed: () => void,
  ) {
    this.#stream = stream;
    this.#options = options;
    this.#onClosed = onClosed;
    this.#watch = options.source.openStream(() => this.#send());
    stream.onMessage((request) => this.#take(request));
    stream.onDrain(() => {
      this.#isBlocked = false;
      this.#send();
      this.#readOn();
    });
    // The end of requests is not the end of interest: events go on until the client cancels.
    stream.onEnd(() => {});
    stream.call.onCancel(() => this.#release());
  }

  notifyProgress(): void {
    this.#watch.notifyProgress();
  }

  /** The member is going away. */
  close(): void {
    if (this.#isClosed) return;
    this.#release();
    this.#stream.fail(failure("stopped"));
  }

  #release(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watch.close();
    this.#onClosed();
  }

  /** Requests are served in order, also when the first has to wait until the client's token is known here. */
  #take(request: WatchRequest): void {
    const pending = this.#identified ?? this.#options.callers.pending(this.#stream.call);
    if (pending === undefined) {
      this.#handle(request);
      return;
    }
    this.#stream.pause();
    this.#identified = pending.then(() => {
      this.#identified = undefined;
      this.#readOn();
      if (!this.#isClosed) this.#handle(request);
    });
  }

  #handle({ requestUnion }: WatchRequest): void {
    switch (requestUnion?.kind) {
      case "createRequest":
        this.#create(requestUnion.value);
        return;
      case "cancelRequest": {
        const id = this.#ids.inner(requestUnion.value.watchId);
        if (id !== undefined) this.#watch.cancel(id);
        return;
      }
      case "progressRequest":
        this.#watch.requestProgress();
        return;
      case undefined:
    }
  }

  #create(request: WatchCreateRequest): void {
    const { call } = this.#stream;
    const watchId = this.#ids.add(request.watchId);
    let caller: ReturnType<CallerSource["of"]>;
    try {
      caller = this.#options.callers.of(call);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const header = this.#options.store.header(this.#options.store.revision);
      this.#write({ response: refusal(header, statusText(error)) });
      return;
    }
    if (this.#watchers + this.#wishes.length >= this.#options.watchersMax) {
      const header = this.#options.store.header(this.#options.store.revision);
      this.#write({ response: refusal(header, TOO_MANY) });
      return;
    }
    this.#wishes.push(request.fragment);
    this.#watch.create({
      key: request.key,
      rangeEnd: request.rangeEnd,
      startRevision: request.startRevision,
      watchId,
      noPut: request.filters.includes(FILTER_NOPUT),
      noDelete: request.filters.includes(FILTER_NODELETE),
      prevKv: request.prevKv,
      progressNotify: request.progressNotify,
      caller,
    });
  }

  /** As much as the connection bears. */
  #send(): void {
    while (!this.#isBlocked && !this.#isClosed) {
      const responses = this.#watch.take(TAKE_BYTES);
      if (responses.length === 0) return;
      for (const response of responses) this.#sendOne(response);
    }
  }

  #sendOne(response: WatchResponse): void {
    const { store } = this.#options;
    switch (response.type) {
      case "created":
        if (this.#wishes.shift() === true) this.#fragmented.add(response.watchId);
        this.#watchers += 1;
        this.#write({
          response: {
            header: store.header(response.revision),
            watchId: this.#ids.outer(response.watchId),
            created: true,
          },
        });
        return;
      case "refused":
        this.#wishes.shift();
        this.#write({
          response: refusal(store.header(response.revision), reasonText(response.reason)),
        });
        return;
      case "canceled":
        this.#watchers -= 1;
        this.#fragmented.delete(response.watchId);
        this.#write({
          response: {
            header: store.header(response.revision),
            watchId: this.#ids.remove(response.watchId),
            canceled: true,
          },
        });
        return;
      case "compacted":
        this.#watchers -= 1;
        this.#write({
          response: {
            header: store.header(0),
            watchId: this.#ids.remove(response.watchId),
            canceled: true,
            compactRevision: response.compactRevision,
          },
        });
        return;
      case "progress":
        this.#write({
          response: {
            header: store.header(response.revision),
            watchId: this.#ids.outer(response.watchId),
          },
        });
        return;
      case "events":
        this.#sendEvents(response);
    }
  }

  #sendEvents({
    watchId,
    revision,
    batch,
  }: Extract<WatchResponse, { readonly type: "events" }>): void {
    const header = this.#options.store.header(revision);
    const response = { header, watchId: this.#ids.outer(watchId) };
    const { fragmentBytes } = this.#options;
    const splits = this.#fragmented.has(watchId) && batch.sizeBytes > fragmentBytes;
    if (!splits || batch.events.length < 2) {
      this.#write({ response, batch });
      return;
    }
    const parts = split(batch.events, fragmentBytes);
    parts.forEach((events, place) => {
      const fragment = place < parts.length - 1;
      this.#write({ response: { ...response, fragment, events: events.map(eventOut) } });
    });
  }

  /** Who does not read the answers does not get to ask for more: requests, too, have answers that would wait here. */
  #write(out: WatchOut): void {
    if (this.#stream.write(out)) return;
    this.#isBlocked = true;
    this.#stream.pause();
  }

  #readOn(): void {
    if (!this.#isBlocked && this.#identified === undefined) this.#stream.resume();
  }
}

/** Runs of events of at most so many bytes each, at least one event per run. */
function split(events: readonly KvEvent[], bytesMax: number): readonly (readonly KvEvent[])[] {
  const parts: KvEvent[][] = [];
  let part: KvEvent[] = [];
  let size = 0;
  for (const event of events) {
    const bytes = Event.encode(eventOut(event)).length + EVENT_FRAMING_BYTES;
    if (part.length > 0 && size + bytes > bytesMax) {
      parts.push(part);
      part = [];
      size = 0;
    }
    part.push(event);
    size += bytes;
  }
  parts.push(part);
  return parts;
}

/** Key and length of an event within its response. */
const EVENT_FRAMING_BYTES = 6;

function refusal(header: ResponseHeaderInit, cancelReason: string): WatchResponseInit {
  return { header, watchId: NO_WATCHER, created: true, canceled: true, cancelReason };
}

/** Reasons are texts: the store's own, or, where a status would have been, that status as text. */
function reasonText(reason: KvErrorCode): string {
  const error = kvFailure(reason);
  const isStatus = error.code in STATUS_NAMES && reason !== "compacted";
  return isStatus ? statusText(error) : error.message;
}

function statusText({ code, message }: RpcError): string {
  return `rpc error: code = ${STATUS_NAMES[code] ?? "Unknown"} desc = ${message}`;
}

const STATUS_NAMES: Readonly<Record<number, string>> = {
  [STATUS.INVALID_ARGUMENT]: "InvalidArgument",
  [STATUS.PERMISSION_DENIED]: "PermissionDenied",
  [STATUS.UNAUTHENTICATED]: "Unauthenticated",
};

/** Clients may choose any 64-bit id; the store works with numbers. Ids beyond those get one of their own. */
class WatchIds {
  readonly #wide = new Map<number, bigint>();
  #nextWide = Number.MIN_SAFE_INTEGER;

  /** The number for an id that a client chose. */
  add(id: bigint): number {
    const known = this.inner(id);
    if (known !== undefined) return known;
    const inner = this.#nextWide;
    this.#nextWide += 1;
    this.#wide.set(inner, id);
    return inner;
  }

  inner(id: bigint): number | undefined {
    const number = Number(id);
    if (Number.isSafeInteger(number)) return number;
    for (const [inner, wide] of this.#wide) if (wide === id) return inner;
    return undefined;
  }

  outer(inner: number): bigint {
    return this.#wide.get(inner) ?? BigInt(inner);
  }

  remove(inner: number): bigint {
    const id = this.outer(inner);
    this.#wide.delete(inner);
    return id;
  }
}
