import type { ClientDuplexStream } from "@grpc/grpc-js";
import type { JsonObject } from "@quorate/protocol";
import { withoutIdentity } from "./normal-form.ts";
import type { Outcome } from "./step.ts";

/** How long a control message of a watch stream may take. */
const ANSWER_TIMEOUT_MS = 20_000;

interface WatchMessage {
  readonly watch_id?: string;
  readonly created?: boolean;
  readonly canceled?: boolean;
  readonly compact_revision?: string;
  readonly cancel_reason?: string;
  readonly events?: readonly { readonly kv: { readonly mod_revision?: string } }[];
}

/** What one watcher was sent. */
export interface Seen {
  /** Events in the order they came. */
  readonly events: unknown[];
  /** How it ended, if it did. */
  end?: unknown;
}

/** One watch stream and all that came on it. */
export class WatchTap {
  readonly #call: ClientDuplexStream<unknown, unknown>;
  readonly #seen = new Map<string, Seen>();
  readonly #control: WatchMessage[] = [];
  #wake: () => void = () => {};
  #failure: Outcome | undefined;

  constructor(call: ClientDuplexStream<unknown, unknown>) {
    this.#call = call;
    call.on("data", (message: WatchMessage) => this.#take(message));
    call.on("error", ({ code, details }: { readonly code: number; readonly details: string }) => {
      this.#failure = { code, message: details };
      this.#wake();
    });
  }

  /** What every watcher was sent so far, by its id. */
  get seen(): ReadonlyMap<string, Seen> {
    return this.#seen;
  }

  async create(request: JsonObject): Promise<Outcome> {
    this.#call.write({ create_request: request });
    return this.#answer((message) => message.created === true);
  }

  /** What is not known is not answered; the caller names watchers that are. */
  async cancel(watchId: string): Promise<Outcome> {
    this.#call.write({ cancel_request: { watch_id: watchId } });
    const outcome = await this.#answer(
      (message) => message.canceled === true && watchId === idOf(message),
    );
    // How much of the past it was still told is up to the server.
    this.#seen.delete(watchId);
    return outcome;
  }

  close(): void {
    this.#call.on("error", () => {});
    this.#call.cancel();
  }

  #take(message: WatchMessage): void {
    const id = idOf(message);
    if (message.created === true) {
      if (message.canceled !== true) this.#seen.set(id, { events: [] });
      this.#control.push(message);
    } else if (message.canceled === true) {
      const seen = this.#seen.get(id);
      if (seen !== undefined) {
        seen.end = { compacted: message.compact_revision, reason: message.cancel_reason };
      }
      this.#control.push(message);
    } else {
      this.#seen.get(id)?.events.push(...(message.events ?? []));
    }
    this.#wake();
  }

  async #answer(isIt: (message: WatchMessage) => boolean): Promise<Outcome> {
    const until = Date.now() + ANSWER_TIMEOUT_MS;
    for (;;) {
      const place = this.#control.findIndex(isIt);
      if (place >= 0) {
        const [message] = this.#control.splice(place, 1);
        return { code: 0, message: "", body: withoutIdentity(message) };
      }
      if (this.#failure !== undefined) return this.#failure;
      if (Date.now() > until) return { code: -1, message: "no answer on the watch stream" };
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, until - Date.now() + 1);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

function idOf(message: WatchMessage): string {
  return message.watch_id ?? "0";
}
