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
import { answerBytes } from "./answer-bytes.ts";
import { ANSWER_LIMITS, type AnswerPlace, AnswerRoom, type SetTimer } from "./answer-room.ts";
import { errorJson, httpStatusOf } from "./errors.ts";
import { GatewayCall } from "./gateway-call.ts";
import { GatewayStream } from "./gateway-stream.ts";
import { GATEWAY_PATHS } from "./paths.ts";
import { AnswerSender } from "./send-answer.ts";
import { TurnWriter } from "./turn-writer.ts";

/** base64 makes four characters of three bytes; names and numbers come on top. */
const JSON_OVER_BYTES = 1.5;

const OLD_PREFIX = "/v3beta";

/** Methods whose answers are as long as what is stored makes them. */
const LONG_ANSWERS: ReadonlySet<string> = new Set([
  "/etcdserverpb.KV/Range",
  "/etcdserverpb.KV/DeleteRange",
  "/etcdserverpb.KV/Txn",
]);

/** What all pages of one member's gateway share. */
interface Gateway {
  readonly bodyBytesMax: number;
  readonly room: AnswerRoom;
  readonly writer: TurnWriter;
  readonly sender: AnswerSender;
}

/** The API as JSON over HTTP/1, one page per method. */
export function gatewayRoutes(
  methods: readonly ServiceMethod[],
  requestBytesMax: number,
  setTimer: SetTimer,
): readonly HttpRoute[] {
  const writer = new TurnWriter();
  const gateway: Gateway = {
    bodyBytesMax: requestBytesMax * JSON_OVER_BYTES,
    room: new AnswerRoom(ANSWER_LIMITS, setTimer),
    writer,
    sender: new AnswerSender(writer, setTimer),
  };
  return methods.flatMap((method) => {
    const handle =
      method.kind === "unary" ? unaryPage(method, gateway) : streamPage(method, gateway);
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

function unaryPage(
  method: UnaryServiceMethod,
  { bodyBytesMax, room, sender }: Gateway,
): HttpHandler {
  const mayBeLong = LONG_ANSWERS.has(method.path);
  return async ({ message }, response) => {
    const call = new GatewayCall(method.path, message, response);
    let place: AnswerPlace | undefined;
    try {
      const request = parsed(await readBody(message, bodyBytesMax));
      if (mayBeLong) place = await room.enter(call);
      const answer = await method.handleJson(request, call);
      place?.answered(answerBytes(answer.message));
      await sender.send(response, answer.pieces);
    } catch (error) {
      refuse(response, asRpcError(error));
    } finally {
      place?.leave();
    }
  };
}

/** The page is done when the stream is; it fails with what is a defect of ours. */
function streamPage(method: StreamServiceMethod, { bodyBytesMax, writer }: Gateway): HttpHandler {
  return ({ message }, response) =>
    new Promise((resolve, reject) => {
      response.once("close", resolve);
      const call = new GatewayCall(method.path, message, response);
      const options = { messageBytesMax: bodyBytesMax, writer, onDefect: reject };
      const stream = new GatewayStream(call, message, response, options);
      try {
        method.openJson(stream);
      } catch (error) {
        stream.fail(asRpcError(error));
      }
    });
}

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
