import {
  EventType,
  FilterType,
  type KeyValue,
  type WatchResponse,
  WatchService,
} from "@quorate/protocol";
import { backoffMs, pause } from "../cluster/backoff.ts";
import { ClientError } from "../errors.ts";
import type { Interval, IntervalOptions } from "../keys/interval.ts";
import type { KeyPrefix } from "../keys/key-prefix.ts";
import type { Requests } from "../requests.ts";
import type { CallStream } from "../transport/call-stream.ts";
import { WatchPosition } from "./watch-position.ts";

/** What is watched, and how. */
export interface WatchOptions extends IntervalOptions {
  /** The first revision whose changes are wanted. Default: those after the watch began; `begun` resolves with that moment. */
  readonly fromRevision?: number | undefined;
  /** Each event with the pair as it was before. */
  readonly prevKv?: boolean | undefined;
  /** Leave out puts, or deletions. */
  readonly without?: "puts" | "deletes" | undefined;
  /** Also batches without events, which say that nothing happened up to their revision. */
  readonly progress?: boolean | undefined;
  /** Ends the watch; its loop then ends without an error. */
  readonly signal?: AbortSignal | undefined;
}

/** One change of one key. */
export interface WatchEvent {
  readonly type: "put" | "delete";
  /** For a deletion only its key and `modRevision`, the revision it was deleted at. */
  readonly kv: KeyValue;
  /** With `prevKv`, when there was one and it is not compacted. */
  readonly prevKv: KeyValue | undefined;
}

/** Changes that came together. Those of one revision are never split. */
export interface WatchBatch {
  /** Everything up to this revision has been delivered, these events included. Begin after it to go on elsewhere. */
  readonly revision: number;
  /** In the order of their revisions; empty only with `progress`. */
  readonly events: readonly WatchEvent[];
}

/** Answers that say "not here, or not now". Everything else ends the watch. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof ClientError)) return false;
  return (
    error.code === "INTERRUPTED" ||
    error.code === "TIMEOUT" ||
    error.code === "UNREACHABLE" ||
    isPassingReason(error.message) ||
    error.status === UNAVAILABLE
  );
}

function isPassingReason(reason: string): boolean {
  return (
    reason.includes("no leader") ||
    reason.includes("invalid auth token") ||
    reason.includes("revision of auth store is old")
  );
}

const UNAVAILABLE = 14;

/**
 * A watch that goes on whatever member dies: after a break it asks another member for what comes after the last batch, so
 * that nothing is missed and nothing comes twice. Iterate it once. Rejects with COMPACTED when what comes next is no longer
 * kept: read the state, and watch from its revision on.
 */
export class Watch implements AsyncIterable<WatchBatch> {
  /** Resolves with the revision after which changes are delivered, once a member agreed; with 0 if the watch ended before. */
  readonly begun: Promise<number>;
  readonly #requests: Requests;
  readonly #prefix: KeyPrefix;
  readonly #interval: Interval;
  readonly #options: WatchOptions;
  readonly #position: WatchPosition;
  readonly #ending = new AbortController();
  readonly #batches: AsyncGenerator<WatchBatch>;
  #resolveBegun: (revision: number) => void = () => {};
  #stream: CallStream<unknown, WatchResponse> | undefined;
  #failures = 0;
  #primed: Promise<IteratorResult<WatchBatch>> | undefined;

  /** @internal Made by `Keyspace.watch`. */
  constructor(requests: Requests, prefix: KeyPrefix, where: Interval, options: WatchOptions) {
    this.#requests = requests;
    this.#prefix = prefix;
    this.#interval = where;
    this.#options = options;
    this.#position = new WatchPosition(options.fromRevision);
    this.begun = new Promise((resolve) => {
      this.#resolveBegun = resolve;
    });
    const end = (): void => this.close();
    requests.closed.addEventListener("abort", end, { once: true });
    options.signal?.addEventListener("abort", end, { once: true });
    this.#ending.signal.addEventListener("abort", () => {
      requests.closed.removeEventListener("abort", end);
      options.signal?.removeEventListener("abort", end);
    });
    if (requests.closed.aborted || options.signal?.aborted === true) this.close();
    this.#batches = this.#run();
    // It begins now, not when somebody first iterates: what changes in between is wanted.
    this.#primed = this.#batches.next();
    this.#primed.catch(() => {});
  }

  /** Ends it; the loop over it ends. */
  close(): void {
    this.#ending.abort();
    this.#stream?.cancel();
    this.#resolveBegun(0);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchBatch> {
    try {
      for (;;) {
        const { done, value } = await (this.#primed ?? this.#batches.next());
        this.#primed = undefined;
        if (done === true) return;
        yield value;
      }
    } finally {
      this.close();
    }
  }

  async *#run(): AsyncGenerator<WatchBatch> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        yield* this.#oneStream();
      } catch (error) {
        if (signal.aborted) return;
        if (!isPassing(error)) {
          this.close();
          throw error;
        }
      } finally {
        this.#stream?.cancel();
      }
      if (signal.aborted) return;
      this.#failures += 1;
      await pause(backoffMs(this.#failures), signal);
    }
  }

  async *#oneStream(): AsyncGenerator<WatchBatch> {
    const stream = await this.#requests.openStream(WatchService.watch, undefined, {
      signal: this.#ending.signal,
      // A member cut off from the others lets go of the watch instead of saying nothing.
      metadata: { hasleader: "true" },
      preference: "spread",
    });
    this.#stream = stream;
    if (this.#ending.signal.aborted) return;
    const { without } = this.#options;
    this.#position.restart();
    stream.write({
      requestUnion: {
        kind: "createRequest",
        value: {
          ...this.#interval,
          startRevision: this.#position.next ?? 0,
          progressNotify: true,
          fragment: true,
          prevKv: this.#options.prevKv,
          filters:
            without === undefined
              ? []
              : [without === "puts" ? FilterType.NOPUT : FilterType.NODELETE],
        },
      },
    });
    for (;;) {
      const response = await stream.next();
      if (response === undefined) return;
      this.#failures = 0;
      if (response.canceled) throw this.#cancelled(response);
      if (response.created) {
        this.#position.began(response.header?.revision ?? 0);
        this.#resolveBegun((this.#position.next ?? 1) - 1);
      }
      const batch = this.#position.take(response);
      if (batch === undefined) continue;
      if (batch.events.length === 0 && this.#options.progress !== true) continue;
      yield {
        revision: batch.revision,
        events: batch.events.map(({ type, kv, prevKv }) => ({
          type: type === EventType.DELETE ? "delete" : "put",
          kv: this.#prefix.pair(kv as KeyValue),
          prevKv: this.#prefix.maybePair(prevKv),
        })),
      };
    }
  }

  #cancelled({ compactRevision, cancelReason }: WatchResponse): ClientError {
    if (compactRevision > 0) {
      const message = `Changes before revision ${compactRevision} are no longer kept.`;
      return new ClientError("COMPACTED", message, { outcome: "notApplied", compactRevision });
    }
    const reason = cancelReason || "The member ended the watch.";
    return new ClientError(cancelReason === "" ? "INTERRUPTED" : "REFUSED", reason, {
      outcome: "notApplied",
    });
  }
}
