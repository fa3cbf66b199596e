import type { IncomingMessage, ServerResponse } from "node:http";
import { JsonError, type JsonValue, parseJson } from "@quorate/protocol";
import type { RpcStream } from "../rpc/method.ts";
import { RpcError, STATUS } from "../rpc/status.ts";
import { errorJson, httpStatusOf, streamErrorJson } from "./errors.ts";
import type { GatewayCall } from "./gateway-call.ts";
import { JsonSplitter, SplitError } from "./json-splitter.ts";

/**
 * A stream over HTTP: the request body is one object after the other, each answer one line. The end of the body only
 * says that no more requests come.
 */
export class GatewayStream implements RpcStream<JsonValue, string> {
  readonly call: GatewayCall;
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #splitter: JsonSplitter;
  #received = 0;
  #isOver = false;

  constructor(
    call: GatewayCall,
    message: IncomingMessage,
    response: ServerResponse,
    messageBytesMax: number,
  ) {
    this.call = call;
    this.#message = message;
    this.#response = response;
    this.#splitter = new JsonSplitter(messageBytesMax);
  }

  write(json: string): boolean {
    if (this.#isOver || this.call.cancelled) return true;
    this.#begin(200);
    return this.#response.write(`{"result":${json}}\n`);
  }

  onMessage(listener: (message: JsonValue) => void): void {
    const take = (text: string): void => {
      this.#received += 1;
      listener(parseJson(text));
    };
    this.#message.on("data", (chunk: Buffer) =>
      this.#guarded(() => this.#splitter.push(chunk).forEach(take)),
    );
    this.#message.on("end", () => {
      this.#guarded(() => {
        if (!this.#splitter.isBetween) throw new SplitError("the last message is not complete");
        // No body at all is one empty message.
        if (this.#received === 0) take("{}");
      });
    });
  }

  onEnd(listener: () => void): void {
    this.#message.on("end", () => {
      if (!this.#isOver) listener();
    });
  }

  onDrain(listener: () => void): void {
    this.#response.on("drain", () => {
      if (!this.#isOver) listener();
    });
  }

  pause(): void {
    this.#message.pause();
  }

  resume(): void {
    this.#message.resume();
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#begin(200);
    this.#response.end();
  }

  fail(error: RpcError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#response.headersSent) {
      this.#response.end(`${streamErrorJson(error)}\n`);
      return;
    }
    this.#begin(httpStatusOf(error.code));
    this.#response.end(errorJson(error));
  }

  #begin(status: number): void {
    if (this.#response.headersSent) return;
    this.#response.writeHead(status, {
      "Content-Type": "application/json",
      "Grpc-Metadata-Content-Type": "application/grpc",
    });
  }

  #guarded(run: () => void): void {
    if (this.#isOver) return;
    try {
      run();
    } catch (error) {
      if (!(error instanceof SplitError) && !(error instanceof JsonError)) throw error;
      this.fail(new RpcError(STATUS.INVALID_ARGUMENT, error.message));
    }
  }
}
