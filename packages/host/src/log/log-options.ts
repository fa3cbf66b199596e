import type { MemberId } from "@quorate/core";
import type { Checksum } from "../environment/environment.ts";
import { QuorateError } from "../errors.ts";
import { utf8Length, writeUtf8 } from "../wire/utf8.ts";
import type { LogEvent } from "./log-event.ts";
import type { LogOwner } from "./segment-header.ts";
import type { SnapshotCatalog } from "./snapshot-catalog.ts";

/** Whose log it is, and its bounds. */
export interface LogSettings {
  readonly clusterId: string;
  /** From 0 to 2^32 - 1. */
  readonly groupId: number;
  readonly memberId: MemberId;
  /** Size of a segment file, 4 KiB to 1 GiB. Default 64 MiB. The log is purged by whole segments. */
  readonly segmentBytes?: number | undefined;
  /** Newest entries kept in memory. Entries that are not durable are kept in any case. Default 16 MiB. */
  readonly cacheBytes?: number | undefined;
  /** Older entries kept in memory after they were read from the disk. Default 8 MiB. */
  readonly readCacheBytes?: number | undefined;
  /** The snapshots that the log's markers speak of. Without it markers are taken at their word. */
  readonly snapshots?: SnapshotCatalog | undefined;
  /**
   * True where snapshots are all that a state machine comes back from: then the log itself purges nothing that the older
   * of its two snapshots needs, and is refused when no snapshot reaches back to where it begins. False leaves both to
   * the caller, as it must be where the state machine keeps durable state of its own. Default false.
   */
  readonly guardSnapshots?: boolean | undefined;
  /** Must not throw. */
  readonly onEvent?: ((event: LogEvent) => void) | undefined;
}

/** Settings with everything filled in. */
export interface LogOptions {
  readonly owner: LogOwner;
  readonly segmentBytes: number;
  readonly cacheBytes: number;
  readonly readCacheBytes: number;
  readonly snapshots: SnapshotCatalog | undefined;
  readonly guardSnapshots: boolean;
  readonly onEvent: (event: LogEvent) => void;
}

const SEGMENT_BYTES_DEFAULT = 64 << 20;
/** Smaller ones could not even hold what a segment says about itself. */
const SEGMENT_BYTES_MIN = 4 << 10;
const SEGMENT_BYTES_MAX = 1 << 30;
const CACHE_BYTES_DEFAULT = 16 << 20;
const READ_CACHE_BYTES_DEFAULT = 8 << 20;
const GROUP_ID_MAX = 0xffff_ffff;

/** Fills defaults in; throws INVALID_ARGUMENT for what cannot be. */
export function resolveLogOptions(settings: LogSettings, checksum: Checksum): LogOptions {
  const segmentBytes = settings.segmentBytes ?? SEGMENT_BYTES_DEFAULT;
  if (!isWithin(segmentBytes, SEGMENT_BYTES_MIN, SEGMENT_BYTES_MAX)) {
    throw invalid(`segmentBytes ${segmentBytes} is not within 4 KiB and 1 GiB`);
  }
  return {
    owner: logOwner(settings, checksum),
    // A multiple of the largest page, so that no block of the disk belongs to two of them.
    segmentBytes: Math.ceil(segmentBytes / SEGMENT_BYTES_MIN) * SEGMENT_BYTES_MIN,
    cacheBytes: settings.cacheBytes ?? CACHE_BYTES_DEFAULT,
    readCacheBytes: settings.readCacheBytes ?? READ_CACHE_BYTES_DEFAULT,
    snapshots: settings.snapshots,
    guardSnapshots: settings.guardSnapshots ?? false,
    onEvent: settings.onEvent ?? (() => undefined),
  };
}

/** The owner as it stands in every segment's header. */
export function logOwner(
  settings: Pick<LogSettings, "clusterId" | "groupId" | "memberId">,
  checksum: Checksum,
): LogOwner {
  const { clusterId, groupId, memberId } = settings;
  if (!isWithin(groupId, 0, GROUP_ID_MAX)) throw invalid(`group id ${groupId} is out of range`);
  if (!isWithin(memberId, 1, Number.MAX_SAFE_INTEGER)) {
    throw invalid(`member id ${memberId} is out of range`);
  }
  const text = new Uint8Array(utf8Length(clusterId));
  writeUtf8(clusterId, text, 0);
  const hash = checksum.sha256();
  hash.update(text);
  return { clusterHash: hash.digestHex().slice(0, 16), groupId, memberId };
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}

function invalid(reason: string): QuorateError {
  return new QuorateError("INVALID_ARGUMENT", reason, { outcome: "notApplied", retryable: false });
}
