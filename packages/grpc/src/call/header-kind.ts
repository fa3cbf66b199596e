/** What a request header means to gRPC; kept with the field, so that it is found out once. */
export const HeaderKind = {
  metadata: 0,
  method: 1,
  scheme: 2,
  path: 3,
  authority: 4,
  contentType: 5,
  timeout: 6,
  encoding: 7,
  acceptEncoding: 8,
  contentLength: 9,
  host: 10,
  malformed: 11,
} as const;

const KNOWN: ReadonlyMap<string, number> = new Map<string, number>([
  [":method", HeaderKind.method],
  [":scheme", HeaderKind.scheme],
  [":path", HeaderKind.path],
  [":authority", HeaderKind.authority],
  ["content-type", HeaderKind.contentType],
  ["grpc-timeout", HeaderKind.timeout],
  ["grpc-encoding", HeaderKind.encoding],
  ["grpc-accept-encoding", HeaderKind.acceptEncoding],
  ["content-length", HeaderKind.contentLength],
  ["host", HeaderKind.host],
  // Fields of HTTP/1 connections make a request malformed (RFC 9113 §8.2.2).
  ["connection", HeaderKind.malformed],
  ["proxy-connection", HeaderKind.malformed],
  ["keep-alive", HeaderKind.malformed],
  ["transfer-encoding", HeaderKind.malformed],
  ["upgrade", HeaderKind.malformed],
]);

/** RFC 9110 §5.6.2, without upper case (RFC 9113 §8.2.1). */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** Classifies a field by name, and by whether HTTP/2 allows it at all. */
export function headerKindOf(name: string, value: string): number {
  if (!isAllowedValue(value)) return HeaderKind.malformed;
  const known = KNOWN.get(name);
  if (known !== undefined) return known;
  if (name === "te") return value === "trailers" ? HeaderKind.metadata : HeaderKind.malformed;
  return NAME.test(name) ? HeaderKind.metadata : HeaderKind.malformed;
}

const NUL = 0x00;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

/** RFC 9113 §8.2.1: no NUL, CR or LF, no blank at either end. */
function isAllowedValue(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const octet = value.charCodeAt(i);
    if (octet === NUL || octet === LINE_FEED || octet === CARRIAGE_RETURN) return false;
  }
  return !isBlank(value.charCodeAt(0)) && !isBlank(value.charCodeAt(value.length - 1));
}

function isBlank(octet: number): boolean {
  return octet === SPACE || octet === TAB;
}
