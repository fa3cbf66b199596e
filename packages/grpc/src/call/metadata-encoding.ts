/** A status message longer than this is cut: clients limit what headers they take, often to 8 KiB. */
const MAX_MESSAGE_BYTES = 4096;

/** gRPC's percent-encoding of a status message: UTF-8, of which only printable ASCII but `%` is left as it is. */
export function encodeStatusMessage(message: string): string {
  if (message.length <= MAX_MESSAGE_BYTES && /^[ -$&-~]*$/.test(message)) return message;
  const bytes = Buffer.from(message, "utf8");
  const end = wholeCharacters(bytes, MAX_MESSAGE_BYTES);
  let text = "";
  for (let at = 0; at < end; at++) {
    const octet = bytes[at] as number;
    const isPlain = octet >= 0x20 && octet <= 0x7e && octet !== 0x25;
    text += isPlain
      ? String.fromCharCode(octet)
      : `%${octet.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return text;
}

/** The most bytes up to `limit` that do not end inside a UTF-8 sequence. */
function wholeCharacters(bytes: Buffer, limit: number): number {
  if (bytes.length <= limit) return bytes.length;
  let end = limit;
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
  return end;
}

const BINARY_SUFFIX = "-bin";
const METADATA_NAME = /^[0-9a-z_.-]+$/;
const METADATA_VALUE = /^[ -~]*$/;

/**
 * The header value of one piece of metadata: base64 without padding for bytes.
 * @throws TypeError for a name or value that gRPC does not allow; the service has a bug.
 */
export function encodeMetadataValue(name: string, value: string | Uint8Array): string {
  const isBinary = name.endsWith(BINARY_SUFFIX);
  if (!METADATA_NAME.test(name) || name.startsWith("grpc-")) {
    throw new TypeError(`"${name}" is no metadata name: use 0-9 a-z _ . - and no "grpc-" in front`);
  }
  if (typeof value === "string") {
    if (isBinary) throw new TypeError(`metadata "${name}" takes bytes, because it ends in -bin`);
    if (!METADATA_VALUE.test(value))
      throw new TypeError(`metadata "${name}" must be printable ASCII`);
    return value.trim();
  }
  if (!isBinary)
    throw new TypeError(`metadata "${name}" takes text, because it does not end in -bin`);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    .toString("base64")
    .replaceAll("=", "");
}

/** The bytes of a received `-bin` value, the first when several were joined; padded or not. */
export function decodeMetadataBytes(value: string): Uint8Array | undefined {
  const first = value.split(",", 1)[0] as string;
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(first)) return undefined;
  return new Uint8Array(Buffer.from(first, "base64"));
}
