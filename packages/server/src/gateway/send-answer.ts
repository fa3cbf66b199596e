import type { ServerResponse } from "node:http";
import type { SetTimer } from "./answer-room.ts";
import type { TurnWriter } from "./turn-writer.ts";

/**
 * How long a client may take for what it has been sent before it counts as gone, as in gRPC: an answer that nobody reads
 * would take room from all others for ever.
 */
export const STALL_MS = 60_000;

/** What every answer of the gateway says of itself. */
export const GATEWAY_HEADERS = {
  "Content-Type": "application/json",
  "Grpc-Metadata-Content-Type": "application/grpc",
} as const;

/** Sends answers that are made while they are sent. */
export class AnswerSender {
  readonly #writer: TurnWriter;
  readonly #setTimer: SetTimer;

  constructor(writer: TurnWriter, setTimer: SetTimer) {
    this.#writer = writer;
    this.#setTimer = setTimer;
  }

  /** Resolves when the client has got everything, or is gone. */
  send(response: ServerResponse, pieces: Iterable<string>): Promise<void> {
    if (response.destroyed) return Promise.resolve();
    for (const [name, value] of Object.entries(GATEWAY_HEADERS)) response.setHeader(name, value);
    return new Promise((resolve, reject) => {
      let stalled: ReturnType<SetTimer> | undefined;
      const watchStall = (): void => {
        stalled ??= this.#setTimer(STALL_MS, () => response.destroy());
      };
      const endStall = (): void => {
        stalled?.cancel();
        stalled = undefined;
      };
      const line = this.#writer.open({
        write(text) {
          if (response.write(text)) return true;
          watchStall();
          return false;
        },
        end(text) {
          // A short answer has not begun yet, and gets its length.
          response.end(text);
          watchStall();
        },
        broken: reject,
      });
      response.on("drain", () => {
        endStall();
        line.drained();
      });
      response.once("close", () => {
        endStall();
        line.close();
        resolve();
      });
      line.end(pieces);
    });
  }
}
