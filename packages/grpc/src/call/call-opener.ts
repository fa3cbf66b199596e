import type { Http2Connection } from "../http2/connection.ts";
import type { RequestHeaders } from "../http2/environment.ts";
import { ErrorCode } from "../http2/protocol.ts";
import type { Http2Stream } from "../http2/stream.ts";
import type { CallEnvironment } from "./call-environment.ts";
import {
  ACCEPTED_ENCODINGS,
  acceptsEncoding,
  type Encoding,
  isKnownEncoding,
} from "./compression.ts";
import { DiscardingStream } from "./discarding-stream.ts";
import type { RpcMethod } from "./method.ts";
import { isGrpcContentType, RequestHead } from "./request-head.ts";
import { writeHttpStatus, writeTrailersOnly } from "./response.ts";
import type { CallRequest } from "./server-call.ts";
import { type PlainField, STATUS } from "./status.ts";
import { StreamingCall } from "./streaming-call.ts";
import { parseTimeout } from "./timeout.ts";
import { UnaryCall } from "./unary-call.ts";

/** Turns a request's headers into a call, or answers at once what is none. */
export class CallOpener {
  readonly #environment: CallEnvironment;
  readonly #head: RequestHead = new RequestHead();

  constructor(environment: CallEnvironment) {
    this.#environment = environment;
  }

  open(connection: Http2Connection, headers: RequestHeaders): Http2Stream | undefined {
    if (headers.overflowed) {
      const message = `received headers larger than max (${connection.limits.maxHeaderListBytes})`;
      return this.#refuse(connection, headers, STATUS.RESOURCE_EXHAUSTED, message);
    }
    const head = this.#head;
    if (!head.read(headers.fields) || (headers.endStream && head.contentLength > 0)) {
      connection.resetForMistake(headers.streamId, ErrorCode.protocolError);
      return undefined;
    }
    if (head.method !== "POST")
      return this.#refuseHttp(connection, headers, 405, [["allow", "POST"]]);
    if (!isGrpcContentType(head.contentType)) return this.#refuseHttp(connection, headers, 415, []);
    const method = this.#environment.methods.get(head.path);
    if (method === undefined) {
      return this.#refuse(connection, headers, STATUS.UNIMPLEMENTED, this.#unknown(head.path));
    }
    return this.#openMethod(connection, headers, method);
  }

  #openMethod(
    connection: Http2Connection,
    headers: RequestHeaders,
    method: RpcMethod,
  ): Http2Stream | undefined {
    const head = this.#head;
    const timeoutMs = head.timeout === "" ? undefined : parseTimeout(head.timeout);
    if (head.timeout !== "" && timeoutMs === undefined) {
      return this.#refuse(
        connection,
        headers,
        STATUS.INTERNAL,
        `malformed grpc-timeout: ${head.timeout}`,
      );
    }
    if (timeoutMs === 0) {
      return this.#refuse(
        connection,
        headers,
        STATUS.DEADLINE_EXCEEDED,
        "context deadline exceeded",
      );
    }
    const isEncoded = head.encoding !== "" && head.encoding !== "identity";
    if (isEncoded && !isKnownEncoding(head.encoding)) {
      const message = `grpc: Decompressor is not installed for grpc-encoding "${head.encoding}"`;
      const accepted: PlainField = ["grpc-accept-encoding", ACCEPTED_ENCODINGS];
      return this.#refuse(connection, headers, STATUS.UNIMPLEMENTED, message, [accepted]);
    }
    const encoding = isEncoded ? (head.encoding as Encoding) : undefined;
    const mirrors = encoding !== undefined && acceptsEncoding(head.acceptEncoding, encoding);
    if (!connection.received.hold(headers.listBytes)) {
      const message = "grpc: too many bytes of open calls' headers on this connection";
      return this.#refuse(connection, headers, STATUS.RESOURCE_EXHAUSTED, message);
    }
    const request: CallRequest = {
      connection,
      streamId: headers.streamId,
      path: method.path,
      authority: head.authority,
      fields: headers.fields,
      listBytes: headers.listBytes,
      timeoutMs,
      encoding,
      answerEncoding: mirrors ? encoding : undefined,
      contentLength: head.contentLength,
    };
    return method.kind === "unary"
      ? new UnaryCall(request, method, this.#environment)
      : new StreamingCall(request, method, this.#environment);
  }

  #refuse(
    connection: Http2Connection,
    headers: RequestHeaders,
    code: number,
    message: string,
    fields: readonly PlainField[] = [],
  ): Http2Stream | undefined {
    writeTrailersOnly(connection, headers.streamId, { code, message, trailers: fields }, []);
    if (headers.endStream) return undefined;
    return new DiscardingStream(connection, headers.streamId, this.#environment.deadlines);
  }

  #refuseHttp(
    connection: Http2Connection,
    headers: RequestHeaders,
    status: number,
    fields: readonly PlainField[],
  ): Http2Stream | undefined {
    const { streamId } = headers;
    const answer = (): void => writeHttpStatus(connection, streamId, status, fields);
    if (!headers.endStream) {
      // Clients of plain HTTP (curl among them) get stuck on an answer that overtakes their request.
      return new DiscardingStream(connection, streamId, this.#environment.deadlines, answer);
    }
    answer();
    return undefined;
  }

  #unknown(path: string): string {
    const slash = path.lastIndexOf("/");
    const service = path.slice(1, Math.max(slash, 1));
    if (!path.startsWith("/") || slash < 1) return `malformed method name: "${path}"`;
    if (!this.#environment.services.has(service)) return `unknown service ${service}`;
    return `unknown method ${path.slice(slash + 1)} for service ${service}`;
  }
}
