import type { MemberId } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import { QuorateError } from "../errors.ts";
import { jsonCodec } from "../group/json-codec.ts";

const FILE_NAME = "host.json";
const FORMAT_VERSION = 1;

/** A record is a few lines of text; more is somebody else's file. */
const FILE_BYTES_MAX = 64 * 1024;

/** Who the data in a folder belongs to, and how often it was started. */
export interface StartRecord {
  readonly version: number;
  readonly clusterId: string;
  readonly hostId: MemberId;
  /** Random, made with the folder: data that was lost and begun anew has another one. */
  readonly dataId: string;
  /** 1 for the first start. A start's number is durable before anybody hears it. */
  readonly starts: number;
}

const codec = jsonCodec<StartRecord>();

/**
 * Counts this start. Sessions, read requests and handshakes carry the number, so that nothing that an earlier start
 * of this host left behind in the network or the log can be taken for this one's.
 */
export async function recordStart(
  environment: Environment,
  directory: string,
  clusterId: string,
  hostId: MemberId,
): Promise<StartRecord> {
  const path = `${directory}/${FILE_NAME}`;
  const previous = (await environment.files.exists(path))
    ? await readRecord(environment, path)
    : undefined;
  if (previous === undefined) await refuseOrphans(environment, directory);
  else checkOwner(previous, clusterId, hostId, directory);
  const record: StartRecord = {
    version: FORMAT_VERSION,
    clusterId,
    hostId,
    dataId: previous?.dataId ?? newDataId(environment),
    starts: (previous?.starts ?? 0) + 1,
  };
  await replaceFile(environment, directory, FILE_NAME, codec.encode(record));
  return record;
}

/** Writes aside, makes durable, and puts in place: after a crash the old or the new content is there. */
async function replaceFile(
  environment: Environment,
  directory: string,
  name: string,
  content: Uint8Array,
): Promise<void> {
  const { files } = environment;
  const next = `${directory}/${name}.tmp`;
  if (await files.exists(next)) await files.remove(next);
  const file = await files.open(next, { mode: "create" });
  try {
    await file.write(0, [content]);
    await file.sync();
  } finally {
    await file.close();
  }
  await files.rename(next, `${directory}/${name}`);
  await files.syncDirectory(directory);
}

async function readRecord(environment: Environment, path: string): Promise<StartRecord> {
  const file = await environment.files.open(path, { mode: "read" });
  try {
    const bytes = new Uint8Array(Math.min(await file.size(), FILE_BYTES_MAX));
    await file.read(0, bytes);
    const record: unknown = codec.decode(bytes);
    if (isRecord(record)) return record;
    throw new Error("it does not hold what it should");
  } catch (error) {
    throw new QuorateError("IDENTITY_MISSING", `The file ${path} is damaged: ${String(error)}`, {
      outcome: "notApplied",
      retryable: false,
      cause: error,
    });
  } finally {
    await file.close();
  }
}

function isRecord(value: unknown): value is StartRecord {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Partial<Record<keyof StartRecord, unknown>>;
  return (
    record.version === FORMAT_VERSION &&
    typeof record.clusterId === "string" &&
    typeof record.dataId === "string" &&
    Number.isSafeInteger(record.hostId) &&
    Number.isSafeInteger(record.starts)
  );
}

function checkOwner(
  record: StartRecord,
  clusterId: string,
  hostId: MemberId,
  directory: string,
): void {
  if (record.clusterId === clusterId && record.hostId === hostId) return;
  throw new QuorateError(
    "CLUSTER_MISMATCH",
    `The data in ${directory} belongs to host ${record.hostId} of cluster ${record.clusterId}, not to host ${hostId} of ${clusterId}.`,
    { outcome: "notApplied", retryable: false },
  );
}

/** Groups without a record of their host: the record was lost, and with it the number of the last start. */
async function refuseOrphans(environment: Environment, directory: string): Promise<void> {
  if (!(await environment.files.exists(`${directory}/groups`))) return;
  if ((await environment.files.list(`${directory}/groups`)).length === 0) return;
  throw new QuorateError(
    "IDENTITY_MISSING",
    `There are groups in ${directory} and no ${FILE_NAME}. Bring the file back, or remove this host from its groups and add it under a new number.`,
    { outcome: "notApplied", retryable: false },
  );
}

function newDataId(environment: Environment): string {
  let id = "";
  for (let part = 0; part < 4; part++) {
    id += Math.floor(environment.random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  }
  return id;
}
