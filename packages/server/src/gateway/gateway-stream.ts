import type { IncomingMessage, ServerResponse } from "node:http";
import { JsonError, type JsonValue, parseJson } from "@quorate/protocol";
import type { RpcStream } from "../rpc/method.ts";
import { RpcError, STATUS } from "../rpc/status.ts";
import { errorJson, httpStatusOf, streamErrorJson } from "./errors.ts";
import type { GatewayCall } from "./gateway-call.ts";
import { JsonSplitter, SplitError } from "./json-splitter.ts";
import { GATEWAY_HEADERS } from "./send-answer.ts";
import type { TextLine, TurnWriter } from "./turn-writer.ts";

export interface GatewayStreamOptions {
  readonly messageBytesMax: number;
  readonly writer: TurnWriter;
  /** Making an answer threw something. */
  readonly onDefect: (defect: unknown) => void;
}

/**
 * A stream over HTTP: the request body is one object after the other, each answer one line. The end of the body only
 * says that no more requests come.
 */
export class GatewayStream implements RpcStream<JsonValue, Iterable<string>> {
  readonly call: GatewayCall;
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #splitter: JsonSplitter;
  readonly #line: TextLine;
  #received = 0;
  #hasAnswered = false;
  /** Whoever writes was told to wait. */
  #isFull = false;
  #onDrain: () => void = () => {};
  #isOver = false;

  constructor(
    call: GatewayCall,
    message: IncomingMessage,
    response: ServerResponse,
    { messageBytesMax, writer, onDefect }: GatewayStreamOptions,
  ) {
    this.call = call;
    this.#message = message;
    this.#response = response;
    this.#splitter = new JsonSplitter(messageBytesMax);
    this.#line = writer.open({
      write: (text) => {
        this.#begin(200);
        return response.write(text);
      },
      end: (text) => {
        this.#begin(200);
        response.end(text);
      },
      idle: () => this.#drained(),
      broken: onDefect,
    });
    response.on("drain", () => this.#line.drained());
    response.once("close", () => this.#line.close());
  }

  write(pieces: Iterable<string>): boolean {
    if (this.#isOver || this.call.cancelled) return true;
    this.#hasAnswered = true;
    this.#line.add(asResult(pieces));
    this.#isFull = !this.#line.isIdle;
    return !this.#isFull;
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
    this.#onDrain = listener;
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
    this.#line.end();
  }

  fail(error: RpcError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#hasAnswered) {
      this.#line.end([`${streamErrorJson(error)}\n`]);
      return;
    }
    this.#begin(httpStatusOf(error.code));
    this.#line.end([errorJson(error)]);
  }

  #drained(): void {
    if (!this.#isFull) return;
    this.#isFull = false;
    if (!this.#isOver) this.#onDrain();
  }

  #begin(status: number): void {
    if (this.#response.headersSent) return;
    this.#response.writeHead(status, GATEWAY_HEADERS);
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

/** A line of the stream. */
function* asResult(pieces: Iterable<string>): Generator<string> {
  yield '{"result":';
  yield* pieces;
  yield "}\n";
}
