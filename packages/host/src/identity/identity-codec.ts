import type { Checksum } from "../environment/environment.ts";
import { readUtf8, utf8Length, writeUtf8 } from "../wire/utf8.ts";
import { WireError } from "../wire/wire-error.ts";
import type { GroupIdentity, Identity } from "./identity.ts";

/** Byte by byte in `docs/formats/identity.md`. */
const FORMAT = 1;

export type DecodedIdentity =
  | { readonly type: "valid"; readonly identity: Identity }
  | { readonly type: "damaged"; readonly reason: string }
  | { readonly type: "tooNew"; readonly version: number };

/** One JSON object: the content, and a CRC-32 over the content's own JSON text. */
export function encodeIdentity(identity: Identity, checksum: Checksum): Uint8Array {
  const content = JSON.stringify(contentOf(identity));
  const crc32 = crcOf(content, checksum);
  return utf8(`{"format":${FORMAT},"crc32":"${crc32}","identity":${content}}\n`);
}

export function decodeIdentity(bytes: Uint8Array, checksum: Checksum): DecodedIdentity {
  const file = parse(bytes);
  if (!isRecord(file)) return { type: "damaged", reason: "it is not JSON" };
  const { format, crc32, identity } = file as {
    readonly format?: unknown;
    readonly crc32?: unknown;
    readonly identity?: unknown;
  };
  if (typeof format === "number" && format > FORMAT) return { type: "tooNew", version: format };
  if (format !== FORMAT) return { type: "damaged", reason: "it has no format number" };
  if (crcOf(JSON.stringify(identity) ?? "", checksum) !== crc32) {
    return { type: "damaged", reason: "its checksum does not match" };
  }
  if (!isIdentity(identity)) return { type: "damaged", reason: "it does not hold what it should" };
  return { type: "valid", identity };
}

/** The fields in the order of the file. */
function contentOf(identity: Identity): Identity {
  const { clusterId, foundedAs, hostId, hostName, dataId, incarnation, groups } = identity;
  return {
    clusterId,
    foundedAs,
    hostId,
    hostName,
    dataId,
    incarnation,
    groups: groups.map(({ groupId, state }) => ({ groupId, state })),
  };
}

function isIdentity(value: unknown): value is Identity {
  if (!isRecord(value)) return false;
  const content = value as Partial<Record<keyof Identity, unknown>>;
  return (
    typeof content.clusterId === "string" &&
    typeof content.foundedAs === "string" &&
    typeof content.hostName === "string" &&
    typeof content.dataId === "string" &&
    isCount(content.hostId) &&
    isCount(content.incarnation) &&
    Array.isArray(content.groups) &&
    content.groups.every(isGroup)
  );
}

function isGroup(value: unknown): value is GroupIdentity {
  if (!isRecord(value)) return false;
  const { groupId, state } = value as Partial<Record<keyof GroupIdentity, unknown>>;
  return isCount(groupId) && (state === "active" || state === "removing");
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(readUtf8(bytes, 0, bytes.length));
  } catch (error) {
    if (error instanceof WireError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function crcOf(text: string, checksum: Checksum): string {
  return checksum.crc32(utf8(text)).toString(16).padStart(8, "0");
}

function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  writeUtf8(text, bytes, 0);
  return bytes;
}
