import type { MessageCodec } from "./message-codec.ts";

/** Which sides send many messages. */
export type MethodKind = "unary" | "serverStream" | "bidiStream";

/** One method of a service, as both sides need it. */
export interface MethodDescriptor<
  Request,
  RequestInit,
  Response,
  ResponseInit,
  Kind extends MethodKind = MethodKind,
> {
  /** `/etcdserverpb.KV/Range`. */
  readonly path: string;
  readonly kind: Kind;
  readonly request: MessageCodec<Request, RequestInit>;
  readonly response: MessageCodec<Response, ResponseInit>;
}
