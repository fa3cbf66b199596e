import type { AbortSignalLike } from "../transport/transport.ts";
import type { Surface } from "./listeners.ts";
import { Listeners } from "./listeners.ts";
import type { ReplicaEvent } from "./replica-event.ts";

/** Events a slow watcher may be behind; the oldest go first and leave a `gap`. */
const BUFFERED_EVENTS_MAX = 256;

/** Tells everyone who listens what happens in a replica. Nobody is waited for. */
export class EventFeed {
  readonly #listeners: Listeners<ReplicaEvent>;
  #ended = false;
  readonly #onEnd: Set<() => void> = new Set();

  constructor(surface: Surface) {
    this.#listeners = new Listeners(surface);
  }

  emit(event: ReplicaEvent): void {
    this.#listeners.tell(event);
  }

  on(listener: (event: ReplicaEvent) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** No more events will come: watchers end after what they have buffered. */
  end(): void {
    this.#ended = true;
    for (const onEnd of this.#onEnd) onEnd();
    this.#onEnd.clear();
  }

  watch(signal: AbortSignalLike | undefined): AsyncIterable<ReplicaEvent> {
    return { [Symbol.asyncIterator]: () => this.#iterate(signal) };
  }

  #iterate(signal: AbortSignalLike | undefined): AsyncIterator<ReplicaEvent> {
    const buffer = new EventBuffer();
    const stop = this.on((event) => buffer.push(event));
    const finish = (): void => {
      stop();
      this.#onEnd.delete(finish);
      signal?.removeEventListener("abort", finish);
      buffer.finish();
    };
    if (this.#ended || signal?.aborted === true) finish();
    else {
      this.#onEnd.add(finish);
      signal?.addEventListener("abort", finish, { once: true });
    }
    return {
      next: () => buffer.next(),
      return: async () => {
        finish();
        buffer.clear();
        return { done: true, value: undefined };
      },
    };
  }
}

/** The events one watcher has not read yet. */
class EventBuffer {
  #events: ReplicaEvent[] = [];
  #dropped = 0;
  #finished = false;
  readonly #waiting: ((result: IteratorResult<ReplicaEvent>) => void)[] = [];

  push(event: ReplicaEvent): void {
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) {
      waiter({ done: false, value: event });
      return;
    }
    if (this.#events.length >= BUFFERED_EVENTS_MAX) {
      this.#events.shift();
      this.#dropped += 1;
    }
    this.#events.push(event);
  }

  async next(): Promise<IteratorResult<ReplicaEvent>> {
    if (this.#dropped > 0) {
      const dropped = this.#dropped;
      this.#dropped = 0;
      return { done: false, value: { type: "gap", dropped } };
    }
    const event = this.#events.shift();
    if (event !== undefined) return { done: false, value: event };
    if (this.#finished) return { done: true, value: undefined };
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  finish(): void {
    this.#finished = true;
    for (const waiter of this.#waiting.splice(0)) waiter({ done: true, value: undefined });
  }

  clear(): void {
    this.#events = [];
    this.#dropped = 0;
  }
}
