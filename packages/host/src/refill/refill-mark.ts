import type { Term } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import { readSmallFile, writeSmallFile } from "../environment/small-file.ts";
import { QuorateError } from "../errors.ts";
import { ByteReader } from "../wire/byte-reader.ts";
import { ByteWriter } from "../wire/byte-writer.ts";
import { WireError } from "../wire/wire-error.ts";

/** "QRFL" */
const MAGIC = 0x4c465251;
const VERSION = 1;
const KIND_WANTED = 1;
const KIND_RUNNING = 2;
const BYTES_MAX = 64;

/** What stands in a group's folder from the moment its log is given up until everything lost is back. */
export type RefillMark =
  /** No snapshot can be read: the log is to be begun anew at the next start. */
  | { readonly type: "wanted" }
  /** In terms up to `term` this member may have acknowledged entries that it no longer has. */
  | { readonly type: "running"; readonly term: Term };

/** The mark in a group's folder, undefined when there is none. Rejects with CORRUPT_LOG when it is damaged. */
export async function readRefillMark(
  environment: Environment,
  path: string,
): Promise<RefillMark | undefined> {
  const bytes = await readSmallFile(environment.files, path, BYTES_MAX);
  if (bytes === undefined) return undefined;
  const mark = decode(bytes, environment);
  if (mark !== undefined) return mark;
  throw new QuorateError(
    "CORRUPT_LOG",
    `${path} is damaged, so nobody knows what this member lacks. Remove it from its group and add its host with an empty folder under a new number.`,
    { outcome: "notApplied", retryable: false },
  );
}

/** Durable when it resolves; in place of an earlier one, or not at all. */
export async function writeRefillMark(
  environment: Environment,
  directory: string,
  path: string,
  mark: RefillMark,
): Promise<void> {
  const { files } = environment;
  await writeSmallFile(files, `${path}.tmp`, encode(mark, environment));
  await files.rename(`${path}.tmp`, path);
  await files.syncDirectory(directory);
}

function encode(mark: RefillMark, { checksum }: Environment): Uint8Array {
  const writer = new ByteWriter(BYTES_MAX);
  writer.u32(MAGIC);
  writer.u32(VERSION);
  writer.u32(mark.type === "wanted" ? KIND_WANTED : KIND_RUNNING);
  writer.varint(mark.type === "wanted" ? 0 : mark.term);
  writer.u32(checksum.crc32(writer.view()));
  return writer.take();
}

function decode(bytes: Uint8Array, { checksum }: Environment): RefillMark | undefined {
  try {
    const reader = new ByteReader(bytes);
    if (reader.u32() !== MAGIC || reader.u32() !== VERSION) return undefined;
    const kind = reader.u32();
    const term = reader.varint();
    const crc = reader.u32();
    reader.end();
    if (checksum.crc32(bytes.subarray(0, bytes.length - 4)) !== crc) return undefined;
    if (kind === KIND_WANTED) return { type: "wanted" };
    return kind === KIND_RUNNING ? { type: "running", term } : undefined;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
