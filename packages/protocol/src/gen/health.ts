// Generated from proto/health.proto by tools/protogen; do not edit.
import { Reader } from "../wire/reader.ts";
import { sharedWriter, type Writer } from "../wire/writer.ts";
import { type JsonValue } from "../json/parse-json.ts";
import { jsonEnum } from "../json/write-json.ts";
import { field, readEnum, readObject, readString } from "../json/read-json.ts";
import { type MessageCodec } from "../message-codec.ts";
import { type MethodDescriptor } from "../service.ts";

/** Numbers of grpc.health.v1.HealthCheckResponse.ServingStatus. Open: a number that is not listed may arrive. */
export const ServingStatus: { readonly UNKNOWN: 0; readonly SERVING: 1; readonly NOT_SERVING: 2; readonly SERVICE_UNKNOWN: 3 } = { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 };
export type ServingStatus = number;
/** @internal */
export const ServingStatusNames: Readonly<Record<number, string>> = {"0":"UNKNOWN","1":"SERVING","2":"NOT_SERVING","3":"SERVICE_UNKNOWN"};

export interface HealthCheckRequest {
  readonly service: string;
}
/** What makes a HealthCheckRequest: zero values may be left out. */
export interface HealthCheckRequestInit {
  readonly service?: string | undefined;
}
/** @internal */
export function readHealthCheckRequest(r: Reader, end: number): HealthCheckRequest {
  let service = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        service = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { service };
}
/** @internal */
export function writeHealthCheckRequest(w: Writer, m: HealthCheckRequestInit): void {
  if (m.service !== undefined && m.service !== "") {
    w.string(10, m.service);
  }
}
/** @internal */
export function jsonHealthCheckRequest(m: HealthCheckRequestInit): string {
  let s = "";
  if (m.service !== undefined && m.service !== "") s += `,"service":${JSON.stringify(m.service)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseHealthCheckRequest(value: JsonValue): HealthCheckRequest {
  const o = readObject(value, "HealthCheckRequest");
  const serviceIn = field(o, "service", "service");
  return {
    service: serviceIn === undefined ? "" : readString(serviceIn, "service"),
  };
}
export const HealthCheckRequest: MessageCodec<HealthCheckRequest, HealthCheckRequestInit> = {
  name: "grpc.health.v1.HealthCheckRequest",
  encode(message) {
    sharedWriter.begin();
    writeHealthCheckRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readHealthCheckRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonHealthCheckRequest,
  toJsonPieces: (message) => [jsonHealthCheckRequest(message)],
  fromJson: parseHealthCheckRequest,
};

export interface HealthCheckResponse {
  readonly status: ServingStatus;
}
/** What makes a HealthCheckResponse: zero values may be left out. */
export interface HealthCheckResponseInit {
  readonly status?: ServingStatus | undefined;
}
/** @internal */
export function readHealthCheckResponse(r: Reader, end: number): HealthCheckResponse {
  let status = 0;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        status = r.int32();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { status };
}
/** @internal */
export function writeHealthCheckResponse(w: Writer, m: HealthCheckResponseInit): void {
  if (m.status !== undefined && m.status !== 0) {
    w.int32(8, m.status);
  }
}
/** @internal */
export function jsonHealthCheckResponse(m: HealthCheckResponseInit): string {
  let s = "";
  if (m.status !== undefined && m.status !== 0) s += `,"status":${jsonEnum(m.status, ServingStatusNames)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseHealthCheckResponse(value: JsonValue): HealthCheckResponse {
  const o = readObject(value, "HealthCheckResponse");
  const statusIn = field(o, "status", "status");
  return {
    status: statusIn === undefined ? 0 : readEnum(statusIn, "status", ServingStatus),
  };
}
export const HealthCheckResponse: MessageCodec<HealthCheckResponse, HealthCheckResponseInit> = {
  name: "grpc.health.v1.HealthCheckResponse",
  encode(message) {
    sharedWriter.begin();
    writeHealthCheckResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readHealthCheckResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonHealthCheckResponse,
  toJsonPieces: (message) => [jsonHealthCheckResponse(message)],
  fromJson: parseHealthCheckResponse,
};

export const HealthService: {
  readonly check: MethodDescriptor<HealthCheckRequest, HealthCheckRequestInit, HealthCheckResponse, HealthCheckResponseInit, "unary">;
  readonly watch: MethodDescriptor<HealthCheckRequest, HealthCheckRequestInit, HealthCheckResponse, HealthCheckResponseInit, "serverStream">;
} = {
  check: { path: "/grpc.health.v1.Health/Check", kind: "unary", request: HealthCheckRequest, response: HealthCheckResponse },
  watch: { path: "/grpc.health.v1.Health/Watch", kind: "serverStream", request: HealthCheckRequest, response: HealthCheckResponse },
};
