import type { HeaderField } from "../hpack/header-field.ts";
import { HeaderKind } from "./header-kind.ts";

/** What gRPC needs to know of a request's header list. One object is reused for all requests. */
export class RequestHead {
  method = "";
  path = "";
  scheme = "";
  /** `:authority`, or `host` from clients that send that instead. */
  authority = "";
  contentType = "";
  timeout = "";
  encoding = "";
  acceptEncoding = "";
  /** -1 when the client did not say. */
  contentLength = -1;

  /**
   * Reads a list; false when it is malformed (RFC 9113 §8.2, §8.3): pseudo fields after others,
   * twice or unknown, fields of HTTP/1 connections, characters that are not allowed.
   */
  read(fields: readonly HeaderField[]): boolean {
    this.#clear();
    let isPseudoPart = true;
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i] as HeaderField;
      if (field.kind === HeaderKind.malformed) return false;
      if (field.kind >= HeaderKind.method && field.kind <= HeaderKind.authority) {
        if (!isPseudoPart || !this.#takePseudo(field)) return false;
      } else {
        isPseudoPart = false;
        if (field.kind !== HeaderKind.metadata && !this.#take(field)) return false;
      }
    }
    return this.method !== "" && this.path !== "" && this.scheme !== "";
  }

  #takePseudo(field: HeaderField): boolean {
    switch (field.kind) {
      case HeaderKind.method:
        if (this.method !== "") return false;
        this.method = field.value;
        return true;
      case HeaderKind.path:
        if (this.path !== "") return false;
        this.path = field.value;
        return true;
      case HeaderKind.scheme:
        if (this.scheme !== "") return false;
        this.scheme = field.value;
        return true;
      default:
        if (this.authority !== "") return false;
        this.authority = field.value;
        return true;
    }
  }

  #take(field: HeaderField): boolean {
    switch (field.kind) {
      case HeaderKind.contentType:
        this.contentType = field.value;
        return true;
      case HeaderKind.timeout:
        this.timeout = field.value;
        return true;
      case HeaderKind.encoding:
        this.encoding = field.value;
        return true;
      case HeaderKind.acceptEncoding:
        this.acceptEncoding =
          this.acceptEncoding === "" ? field.value : `${this.acceptEncoding},${field.value}`;
        return true;
      case HeaderKind.host:
        if (this.authority === "") this.authority = field.value;
        return true;
      default:
        return this.#takeContentLength(field.value);
    }
  }

  #takeContentLength(text: string): boolean {
    if (!/^[0-9]{1,15}$/.test(text)) return false;
    const length = Number(text);
    if (this.contentLength >= 0 && this.contentLength !== length) return false;
    this.contentLength = length;
    return true;
  }

  #clear(): void {
    this.method = "";
    this.path = "";
    this.scheme = "";
    this.authority = "";
    this.contentType = "";
    this.timeout = "";
    this.encoding = "";
    this.acceptEncoding = "";
    this.contentLength = -1;
  }
}

/** `application/grpc`, alone or followed by a codec or parameters. */
export function isGrpcContentType(contentType: string): boolean {
  if (!contentType.startsWith("application/grpc")) return false;
  const next = contentType.charAt("application/grpc".length);
  return next === "" || next === "+" || next === ";";
}
