import type { Caller, WatchSource } from "@quorate/kv";
import { WatchService as WatchMethods, type WatchRequest } from "@quorate/protocol";
import type { CallContext } from "../rpc/call.ts";
import type { RpcStream } from "../rpc/method.ts";
import { type ServiceMethod, streaming } from "../rpc/typed-method.ts";
import type { StoreAccess } from "./store-access.ts";
import { WatchConnection } from "./watch-connection.ts";
import { WATCH_ENCODING, type WatchOut } from "./watch-encoding.ts";

/** Who makes a call. */
export interface CallerSource {
  /** Resolves when that can be told; undefined when it can now. */
  pending(call: CallContext): Promise<void> | undefined;
  /** Throws `RpcError` for a token that is not valid. */
  of(call: CallContext): Caller | undefined;
}

export interface WatchServiceOptions {
  readonly source: WatchSource;
  readonly store: StoreAccess;
  readonly callers: CallerSource;
  /** Watchers one stream may have. */
  readonly watchersMax: number;
  /** Responses above this size are split where the client agreed to that. */
  readonly fragmentBytes: number;
  /** Calls `run` from time to time until the returned function is called: quiet watchers hear how far they are. */
  readonly everyProgressInterval: (run: () => void) => () => void;
}

/** Changes as they happen. */
export class WatchService {
  readonly #options: WatchServiceOptions;
  readonly #connections = new Set<WatchConnection>();
  readonly #stopProgress: () => void;

  constructor(options: WatchServiceOptions) {
    this.#options = options;
    this.#stopProgress = options.everyProgressInterval(() => {
      for (const connection of this.#connections) connection.notifyProgress();
    });
  }

  methods(): readonly ServiceMethod[] {
    return [
      streaming(
        WatchMethods.watch,
        (stream: RpcStream<WatchRequest, WatchOut>) => this.#open(stream),
        WATCH_ENCODING,
      ),
    ];
  }

  close(): void {
    this.#stopProgress();
    for (const connection of this.#connections) connection.close();
  }

  #open(stream: RpcStream<WatchRequest, WatchOut>): void {
    const connection = new WatchConnection(stream, this.#options, () => {
      this.#connections.delete(connection);
    });
    this.#connections.add(connection);
  }
}
