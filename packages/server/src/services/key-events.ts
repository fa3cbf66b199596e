import type { Caller, KvEvent, WatchSource, WatchStream } from "@quorate/kv";
import type { CallContext } from "../rpc/call.ts";
import { failure, kvFailure } from "./failure.ts";

/** What the recipes wait for: events of one key or prefix, one after the other. */
export interface Interest {
  readonly key: Uint8Array;
  readonly rangeEnd?: Uint8Array | undefined;
  /** Events from this revision on. */
  readonly startRevision: number;
}

/** Taken from the store's queue at a time. */
const TAKE_BYTES = 64 * 1024;

/** Reads events as they come, until it is closed or the call is cancelled. */
export class KeyEvents {
  readonly #watch: WatchStream;
  #queue: KvEvent[] = [];
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(
    source: WatchSource,
    interest: Interest,
    caller: Caller | undefined,
    call: CallContext,
  ) {
    this.#watch = source.openStream(() => this.#wake?.());
    this.#watch.create({
      key: interest.key,
      rangeEnd: interest.rangeEnd,
      startRevision: interest.startRevision,
      watchId: 0,
      noPut: false,
      noDelete: false,
      prevKv: false,
      progressNotify: false,
      caller,
    });
    call.onCancel(() => this.#fail(failure("canceled")));
  }

  /** The next event. Rejects with `RpcError`. */
  async next(): Promise<KvEvent> {
    for (;;) {
      const event = this.#queue.shift();
      if (event !== undefined) return event;
      if (this.#failure !== undefined) throw this.#failure;
      // Only now: events that nobody asks for yet wait in the store, which bounds them.
      if (this.#take()) continue;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    this.#watch.close();
    this.#fail(failure("canceled"));
  }

  /** True when something came. */
  #take(): boolean {
    const responses = this.#watch.take(TAKE_BYTES);
    for (const response of responses) {
      if (response.type === "events") this.#queue.push(...response.batch.events);
      if (response.type === "refused") this.#fail(kvFailure(response.reason));
      if (response.type === "compacted") this.#fail(kvFailure("compacted"));
    }
    return responses.length > 0;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }
}
