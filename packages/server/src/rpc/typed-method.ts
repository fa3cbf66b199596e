import {
  JsonError,
  type JsonValue,
  type MethodDescriptor,
  type MethodKind,
  WireError,
} from "@quorate/protocol";
import type { CallContext } from "./call.ts";
import { LONG_ANSWER_BYTES, type LongAnswers } from "./encode-turns.ts";
import type { JsonAnswer } from "./json-answer.ts";
import type { RpcStream, StreamMethod, UnaryMethod } from "./method.ts";
import { RpcError, STATUS } from "./status.ts";

/** A method with both of its outsides: bytes for gRPC, JSON for the gateway. */
export type ServiceMethod = UnaryServiceMethod | StreamServiceMethod;

export interface UnaryServiceMethod extends UnaryMethod {
  handleJson(request: JsonValue, call: CallContext): JsonAnswer | Promise<JsonAnswer>;
}

export interface StreamServiceMethod extends StreamMethod {
  /** Each answer is text in pieces, made when it is written. */
  openJson(stream: RpcStream<JsonValue, Iterable<string>>): void;
}

/** The descriptor of a method, whatever its messages are. */
type Descriptor<
  Request,
  RequestInit,
  Response,
  ResponseInit,
  Kind extends MethodKind,
> = MethodDescriptor<Request, RequestInit, Response, ResponseInit, Kind>;

/** Joins a unary method's description and its implementation. `long` is for answers that may be of many megabytes. */
export function unary<Request, RequestInit, Response, ResponseInit>(
  method: Descriptor<Request, RequestInit, Response, ResponseInit, "unary">,
  implementation: (request: Request, call: CallContext) => ResponseInit | Promise<ResponseInit>,
  long?: LongAnswers<ResponseInit>,
): UnaryServiceMethod {
  const { request, response } = method;
  const jsonAnswer = (message: ResponseInit): JsonAnswer => ({
    message,
    pieces: response.toJsonPieces(message),
  });
  const encoded = (answer: ResponseInit, call: CallContext): Uint8Array | Promise<Uint8Array> =>
    long !== undefined && long.bytesOf(answer) >= LONG_ANSWER_BYTES
      ? long.turns.encode(call, () => response.encode(answer))
      : response.encode(answer);
  return {
    kind: "unary",
    path: method.path,
    handle(bytes, call) {
      const answer = implementation(
        decoded(() => request.decode(bytes)),
        call,
      );
      if (long !== undefined) {
        return answer instanceof Promise
          ? answer.then((message) => encoded(message, call))
          : encoded(answer, call);
      }
      return answer instanceof Promise ? answer.then(response.encode) : response.encode(answer);
    },
    handleJson(value, call) {
      const answer = implementation(
        decoded(() => request.fromJson(value)),
        call,
      );
      return answer instanceof Promise ? answer.then(jsonAnswer) : jsonAnswer(answer);
    },
  };
}

/** How one side's messages become what the wire carries. */
export interface Encoding<Message> {
  encode(message: Message): Uint8Array;
  toJsonPieces(message: Message): Iterable<string>;
}

/**
 * Joins a streaming method's description and its implementation. `encoding` replaces the response's own codec where an
 * implementation hands out something that is encoded already.
 */
export function streaming<Request, RequestInit, Response, ResponseInit, Out = ResponseInit>(
  method: Descriptor<Request, RequestInit, Response, ResponseInit, "bidiStream" | "serverStream">,
  implementation: (stream: RpcStream<Request, Out>) => void,
  encoding: Encoding<Out>,
): StreamServiceMethod {
  const { request } = method;
  return {
    kind: "stream",
    path: method.path,
    singleRequest: method.kind === "serverStream",
    open(stream) {
      implementation(new MappedStream(stream, request.decode, encoding.encode));
    },
    openJson(stream) {
      implementation(new MappedStream(stream, request.fromJson, encoding.toJsonPieces));
    },
  };
}

/** A stream of typed messages on top of one of bytes or JSON. A message that cannot be read ends the call. */
class MappedStream<In, Out, RawIn, RawOut> implements RpcStream<In, Out> {
  readonly #raw: RpcStream<RawIn, RawOut>;
  readonly #read: (raw: RawIn) => In;
  readonly #write: (message: Out) => RawOut;

  constructor(
    raw: RpcStream<RawIn, RawOut>,
    read: (raw: RawIn) => In,
    write: (message: Out) => RawOut,
  ) {
    this.#raw = raw;
    this.#read = read;
    this.#write = write;
  }

  get call(): CallContext {
    return this.#raw.call;
  }

  write(message: Out): boolean {
    return this.#raw.write(this.#write(message));
  }

  onMessage(listener: (message: In) => void): void {
    this.#raw.onMessage((raw) => {
      let message: In;
      try {
        message = decoded(() => this.#read(raw));
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        this.#raw.fail(error);
        return;
      }
      listener(message);
    });
  }

  onEnd(listener: () => void): void {
    this.#raw.onEnd(listener);
  }

  onDrain(listener: () => void): void {
    this.#raw.onDrain(listener);
  }

  pause(): void {
    this.#raw.pause();
  }

  resume(): void {
    this.#raw.resume();
  }

  end(): void {
    this.#raw.end();
  }

  fail(error: RpcError): void {
    this.#raw.fail(error);
  }
}

/** Bytes that are no message are the sender's fault: INTERNAL as in gRPC; JSON that is none: INVALID_ARGUMENT. */
function decoded<Message>(read: () => Message): Message {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) {
      throw new RpcError(
        STATUS.INTERNAL,
        `grpc: failed to unmarshal the received message: ${error.message}`,
      );
    }
    if (error instanceof JsonError) throw new RpcError(STATUS.INVALID_ARGUMENT, error.message);
    throw error;
  }
}
