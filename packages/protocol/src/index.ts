/** Every message, enum and service: the generated list names them one by one. */
export * from "./gen/index.ts";
export { decodeBase64, encodeBase64 } from "./json/base64.ts";
export { JsonError } from "./json/json-error.ts";
export type { JsonObject, JsonValue } from "./json/parse-json.ts";
export { parseJson } from "./json/parse-json.ts";
export type { MessageCodec } from "./message-codec.ts";
export type { MethodDescriptor, MethodKind } from "./service.ts";
export { NO_BYTES } from "./wire/no-bytes.ts";
export { MAX_DEPTH } from "./wire/reader.ts";
export { decodeUtf8, utf8 } from "./wire/utf8.ts";
export type { WireErrorCode } from "./wire/wire-error.ts";
export { WireError } from "./wire/wire-error.ts";
