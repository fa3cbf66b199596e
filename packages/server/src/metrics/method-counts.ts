import type { CallContext } from "../rpc/call.ts";
import type { JsonAnswer } from "../rpc/json-answer.ts";
import { ObservedStream, type StreamObserver } from "../rpc/observed-stream.ts";
import { RpcError, STATUS } from "../rpc/status.ts";
import type { ServiceMethod } from "../rpc/typed-method.ts";

const CODES = Object.values(STATUS).length;

/** What one method has been asked for. Plain numbers: counting must cost nothing. */
export interface MethodCounts {
  readonly type: "unary" | "server_stream" | "bidi_stream";
  readonly service: string;
  readonly method: string;
  started: number;
  /** By status code. */
  readonly handled: number[];
  received: number;
  sent: number;
}

/** All methods' counts, and what is counted over all of them. */
export class RpcCounts {
  readonly methods: MethodCounts[] = [];
  /** Calls by whether they stream and what version the client says it has. */
  readonly #clients: Map<string, ClientCount> = new Map();
  /** The version that the last calls came with, and what counts them: nearly always that of the next. */
  #lastVersion: string | undefined;
  #lastUnary: ClientCount = { count: 0 };
  receivedBytes = 0;
  sentBytes = 0;

  startedOf(method: string): number {
    return this.methods.find((counts) => counts.method === method)?.started ?? 0;
  }

  *clients(): Generator<{
    readonly type: string;
    readonly version: string;
    readonly count: number;
  }> {
    for (const [key, { count }] of this.#clients) {
      const [type = "", version = ""] = key.split(" ");
      yield { type, version, count };
    }
  }

  /** The same method, counted. */
  counted(method: ServiceMethod): ServiceMethod {
    const [, service = "", name = ""] = /^\/(.*)\/([^/]*)$/.exec(method.path) ?? [];
    const type =
      method.kind === "unary" ? "unary" : method.singleRequest ? "server_stream" : "bidi_stream";
    const counts: MethodCounts = {
      type,
      service,
      method: name,
      started: 0,
      handled: new Array<number>(CODES).fill(0),
      received: 0,
      sent: 0,
    };
    this.methods.push(counts);
    return method.kind === "unary"
      ? this.#countedUnary(method, counts)
      : this.#countedStream(method, counts);
  }

  #countedUnary(
    method: Extract<ServiceMethod, { readonly kind: "unary" }>,
    counts: MethodCounts,
  ): ServiceMethod {
    const failed = (error: unknown): never => {
      finish(counts, codeOf(error));
      throw error;
    };
    /** `answered` is told the answer when it comes. */
    const run = <Request, Answer>(
      request: Request,
      call: CallContext,
      handle: (request: Request, call: CallContext) => Answer | Promise<Answer>,
      answered: (answer: Answer) => Answer,
    ): Answer | Promise<Answer> => {
      this.#startUnary(counts, call);
      counts.received += 1;
      let answer: Answer | Promise<Answer>;
      try {
        answer = handle(request, call);
      } catch (error) {
        return failed(error);
      }
      return answer instanceof Promise ? answer.then(answered, failed) : answered(answer);
    };
    const answeredBytes = (bytes: Uint8Array): Uint8Array => {
      succeed(counts);
      this.sentBytes += bytes.length;
      return bytes;
    };
    const answeredJson = (answer: JsonAnswer): JsonAnswer => {
      succeed(counts);
      return answer;
    };
    return {
      kind: "unary",
      path: method.path,
      handle: (request, call) => {
        this.receivedBytes += request.length;
        return run(request, call, method.handle, answeredBytes);
      },
      handleJson: (request, call) => run(request, call, method.handleJson, answeredJson),
    };
  }

  #countedStream(
    method: Extract<ServiceMethod, { readonly kind: "stream" }>,
    counts: MethodCounts,
  ): ServiceMethod {
    const observer = (): StreamObserver => ({
      received: () => {
        counts.received += 1;
      },
      sent: () => {
        counts.sent += 1;
      },
      over: (code) => finish(counts, code),
    });
    return {
      kind: "stream",
      path: method.path,
      singleRequest: method.singleRequest,
      open: (stream) => {
        this.#startStream(counts, stream.call);
        method.open(new ObservedStream(stream, observer()));
      },
      openJson: (stream) => {
        this.#startStream(counts, stream.call);
        method.openJson(new ObservedStream(stream, observer()));
      },
    };
  }

  #startUnary(counts: MethodCounts, call: CallContext): void {
    counts.started += 1;
    const version = call.metadata(VERSION_KEY) ?? "unknown";
    if (version !== this.#lastVersion) {
      this.#lastVersion = version;
      this.#lastUnary = this.#countOf("unary", version);
    }
    this.#lastUnary.count += 1;
  }

  #startStream(counts: MethodCounts, call: CallContext): void {
    counts.started += 1;
    this.#countOf("stream", call.metadata(VERSION_KEY) ?? "unknown").count += 1;
  }

  /** Whoever makes up versions must not make up memory: all strange ones are one. */
  #countOf(type: "unary" | "stream", version: string): ClientCount {
    const key = `${type} ${VERSION.test(version) ? version : "unknown"}`;
    let known = this.#clients.get(key);
    if (known === undefined) {
      known = { count: 0 };
      this.#clients.set(key, known);
    }
    return known;
  }
}

interface ClientCount {
  count: number;
}

const VERSION_KEY = "client-api-version";

const VERSION = /^\d{1,3}\.\d{1,3}$/;

function succeed(counts: MethodCounts): void {
  counts.sent += 1;
  finish(counts, STATUS.OK);
}

function finish(counts: MethodCounts, code: number): void {
  const place = code >= 0 && code < CODES ? code : STATUS.UNKNOWN;
  counts.handled[place] = (counts.handled[place] ?? 0) + 1;
}

function codeOf(error: unknown): number {
  return error instanceof RpcError ? error.code : STATUS.INTERNAL;
}

/** As etcd's metrics name the codes. */
export const CODE_NAMES: readonly string[] = [
  "OK",
  "Canceled",
  "Unknown",
  "InvalidArgument",
  "DeadlineExceeded",
  "NotFound",
  "AlreadyExists",
  "PermissionDenied",
  "ResourceExhausted",
  "FailedPrecondition",
  "Aborted",
  "OutOfRange",
  "Unimplemented",
  "Internal",
  "Unavailable",
  "DataLoss",
  "Unauthenticated",
];
