import type { MemberId } from "@quorate/core";
import { ByteReader } from "../wire/byte-reader.ts";
import type { ByteWriter } from "../wire/byte-writer.ts";
import { WireError } from "../wire/wire-error.ts";

/** "QUORATE" and a zero: what every stream begins with, in both directions. */
export const STREAM_MAGIC: Uint8Array = Uint8Array.of(0x51, 0x55, 0x4f, 0x52, 0x41, 0x54, 0x45, 0);

/** The version this code speaks, and the oldest it understands. */
export const PROTOCOL_VERSION = 1;
export const PROTOCOL_VERSION_MIN = 1;

/** Hello, welcome and refusal are small; nobody unknown gets more memory than this. */
export const HANDSHAKE_BYTES_MAX = 2048;

export const CLUSTER_ID_BYTES_MAX = 64;
const ADDRESS_BYTES_MAX = 512;
const REASON_BYTES_MAX = 512;

/** Separate connections, so that large things never delay small ones. */
export type Lane = "control" | "log" | "bulk";
const LANES: readonly Lane[] = ["control", "log", "bulk"];

/** What a dialing host says first. */
export interface Hello {
  readonly versionMin: number;
  readonly version: number;
  readonly clusterId: string;
  readonly host: MemberId;
  /** Who the dialer believes to have reached: an address may have got a new owner. */
  readonly target: MemberId;
  /** Names the host's data: another one means that the data was lost. */
  readonly dataId: string;
  readonly incarnation: number;
  readonly features: number;
  /** Random, comes back in the welcome. */
  readonly nonce: number;
  readonly lane: Lane;
  /** Where the dialer accepts connections. */
  readonly address: string;
}

export interface Welcome {
  readonly version: number;
  readonly host: MemberId;
  readonly dataId: string;
  readonly incarnation: number;
  readonly features: number;
  readonly nonce: number;
}

/** Why a host was turned away; the names go over the wire. */
export type RefusalCode =
  | "unsupportedVersion"
  | "clusterMismatch"
  | "wrongHost"
  | "sameHost"
  | "certificateMismatch"
  | "olderIncarnation"
  | "dataLost"
  | "tooMany"
  | "stopping";

const REFUSAL_CODES: readonly RefusalCode[] = [
  "unsupportedVersion",
  "clusterMismatch",
  "wrongHost",
  "sameHost",
  "certificateMismatch",
  "olderIncarnation",
  "dataLost",
  "tooMany",
  "stopping",
];

export interface Refusal {
  readonly code: RefusalCode;
  /** For people. */
  readonly reason: string;
}

export function writeHello(writer: ByteWriter, hello: Hello): void {
  writer.varint(hello.versionMin);
  writer.varint(hello.version);
  writer.text(hello.clusterId);
  writer.varint(hello.host);
  writer.varint(hello.target);
  writer.text(hello.dataId);
  writer.varint(hello.incarnation);
  writer.u32(hello.features);
  writer.u32(hello.nonce);
  writer.u8(LANES.indexOf(hello.lane));
  writer.text(hello.address);
}

/** What a newer version appends is ignored, so that its hello can still be answered. */
export function readHello(body: Uint8Array): Hello {
  const reader = new ByteReader(body);
  const versionMin = reader.varint();
  const version = reader.varint();
  const clusterId = reader.text(CLUSTER_ID_BYTES_MAX);
  const host = memberId(reader.varint());
  const target = memberId(reader.varint());
  const dataId = reader.text(CLUSTER_ID_BYTES_MAX);
  const incarnation = reader.varint();
  const features = reader.u32();
  const nonce = reader.u32();
  const lane = LANES[reader.u8()];
  if (lane === undefined) throw new WireError("badValue", "no such lane");
  const address = reader.text(ADDRESS_BYTES_MAX);
  return {
    versionMin,
    version,
    clusterId,
    host,
    target,
    dataId,
    incarnation,
    features,
    nonce,
    lane,
    address,
  };
}

export function writeWelcome(writer: ByteWriter, welcome: Welcome): void {
  writer.varint(welcome.version);
  writer.varint(welcome.host);
  writer.text(welcome.dataId);
  writer.varint(welcome.incarnation);
  writer.u32(welcome.features);
  writer.u32(welcome.nonce);
}

export function readWelcome(body: Uint8Array): Welcome {
  const reader = new ByteReader(body);
  const version = reader.varint();
  const host = memberId(reader.varint());
  const dataId = reader.text(CLUSTER_ID_BYTES_MAX);
  const incarnation = reader.varint();
  const features = reader.u32();
  const nonce = reader.u32();
  return { version, host, dataId, incarnation, features, nonce };
}

export function writeRefusal(writer: ByteWriter, refusal: Refusal): void {
  writer.u8(REFUSAL_CODES.indexOf(refusal.code));
  writer.text(refusal.reason);
}

export function readRefusal(body: Uint8Array): Refusal {
  const reader = new ByteReader(body);
  const code = REFUSAL_CODES[reader.u8()];
  if (code === undefined) throw new WireError("badValue", "no such refusal");
  return { code, reason: reader.text(REASON_BYTES_MAX) };
}

function memberId(value: number): MemberId {
  if (value === 0) throw new WireError("badValue", "a host's number is never 0");
  return value;
}
