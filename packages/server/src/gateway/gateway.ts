import type { ServerResponse } from "node:http";
import { JsonError, type JsonValue, parseJson } from "@quorate/protocol";
import { BodyTooLargeError, readBody } from "../http/body.ts";
import type { HttpHandler, HttpRoute } from "../http/router.ts";
import { RpcError, STATUS } from "../rpc/status.ts";
import type {
  ServiceMethod,
  StreamServiceMethod,
  UnaryServiceMethod,
} from "../rpc/typed-method.ts";
import { errorJson, httpStatusOf } from "./errors.ts";
import { GatewayCall } from "./gateway-call.ts";
import { GatewayStream } from "./gateway-stream.ts";
import { GATEWAY_PATHS } from "./paths.ts";

/** base64 makes four characters of three bytes; names and numbers come on top. */
const JSON_OVER_BYTES = 1.5;

const OLD_PREFIX = "/v3beta";

/** The API as JSON over HTTP/1, one page per method. */
export function gatewayRoutes(
  methods: readonly ServiceMethod[],
  requestBytesMax: number,
): readonly HttpRoute[] {
  const bodyBytesMax = requestBytesMax * JSON_OVER_BYTES;
  return methods.flatMap((method) => {
    const handle =
      method.kind === "unary" ? unaryPage(method, bodyBytesMax) : streamPage(method, bodyBytesMax);
    return (GATEWAY_PATHS[method.path] ?? []).flatMap((path) =>
      [path, path.replace(/^\/v3/, OLD_PREFIX)].map(
        (page): HttpRoute => ({
          path: page,
          methods: ["POST"],
          handle,
          refuseMethod: (response) => refuse(response, NOT_POST),
        }),
      ),
    );
  });
}

/** What the gateway says to a GET. */
const NOT_POST = new RpcError(STATUS.UNIMPLEMENTED, "Method Not Allowed");

function unaryPage(method: UnaryServiceMethod, bodyBytesMax: number): HttpHandler {
  return async ({ message }, response) => {
    const call = new GatewayCall(method.path, message, response);
    try {
      const body = await readBody(message, bodyBytesMax);
      const answer = await method.handleJson(parsed(body), call);
      response.writeHead(200, HEADERS).end(answer);
    } catch (error) {
      refuse(response, asRpcError(error));
    }
  };
}

function streamPage(method: StreamServiceMethod, bodyBytesMax: number): HttpHandler {
  return ({ message }, response) => {
    const call = new GatewayCall(method.path, message, response);
    const stream = new GatewayStream(call, message, response, bodyBytesMax);
    try {
      method.openJson(stream);
    } catch (error) {
      stream.fail(asRpcError(error));
    }
  };
}

const HEADERS = {
  "Content-Type": "application/json",
  "Grpc-Metadata-Content-Type": "application/grpc",
} as const;

/** An empty body stands for an empty message. */
function parsed(body: string): JsonValue {
  return body.trim() === "" ? {} : parseJson(body);
}

function refuse(response: ServerResponse, error: RpcError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.setHeader("Content-Type", "application/json");
  if (error.code === STATUS.UNAUTHENTICATED) response.setHeader("WWW-Authenticate", error.message);
  response.writeHead(httpStatusOf(error.code)).end(errorJson(error));
}

/** Throws what is a defect. */
function asRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof JsonError) return new RpcError(STATUS.INVALID_ARGUMENT, error.message);
  if (error instanceof BodyTooLargeError) {
    return new RpcError(STATUS.RESOURCE_EXHAUSTED, `grpc: ${error.message}`);
  }
  throw error;
}
