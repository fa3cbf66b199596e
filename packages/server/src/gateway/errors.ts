import { STATUS_CODES } from "node:http";
import { type RpcError, STATUS } from "../rpc/status.ts";

const HTTP_STATUS: ReadonlyMap<number, number> = new Map([
  [STATUS.OK, 200],
  [STATUS.CANCELLED, 499],
  [STATUS.INVALID_ARGUMENT, 400],
  [STATUS.DEADLINE_EXCEEDED, 504],
  [STATUS.NOT_FOUND, 404],
  [STATUS.ALREADY_EXISTS, 409],
  [STATUS.PERMISSION_DENIED, 403],
  [STATUS.RESOURCE_EXHAUSTED, 429],
  [STATUS.FAILED_PRECONDITION, 400],
  [STATUS.ABORTED, 409],
  [STATUS.OUT_OF_RANGE, 400],
  [STATUS.UNIMPLEMENTED, 501],
  [STATUS.UNAVAILABLE, 503],
  [STATUS.UNAUTHENTICATED, 401],
]);

export function httpStatusOf(code: number): number {
  return HTTP_STATUS.get(code) ?? 500;
}

/** Both shapes that etcd's gateways have had, in one: some clients know only the older. */
export function errorJson({ code, message }: RpcError): string {
  return JSON.stringify({ error: message, message, code });
}

/** The same for an error in the middle of a stream. */
export function streamErrorJson({ code, message }: RpcError): string {
  const status = httpStatusOf(code);
  const error = {
    grpc_code: code,
    http_code: status,
    message,
    http_status: STATUS_CODES[status] ?? "",
    code,
  };
  return JSON.stringify({ error });
}
