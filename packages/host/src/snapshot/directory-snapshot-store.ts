import type { SnapshotInfo } from "@quorate/core";
import { makeDurableDirectory } from "../environment/durable-directory.ts";
import { type Environment, FileError } from "../environment/environment.ts";
import { readSmallFile } from "../environment/small-file.ts";
import { QuorateError } from "../errors.ts";
import type { SnapshotCatalog } from "../log/snapshot-catalog.ts";
import { DataFiles } from "./data-files.ts";
import { DirectorySnapshotWriter, type WriterOptions } from "./directory-snapshot-writer.ts";
import { corruptSnapshot } from "./snapshot-error.ts";
import {
  CHUNK_BYTES,
  DATA_FILE_BYTES,
  decodeManifest,
  decodeProgress,
  MANIFEST_NAME,
  type Manifest,
  PARTIAL_SUFFIX,
  PROGRESS_NAME,
  REMOVING_SUFFIX,
  snapshotFolderName,
} from "./snapshot-format.ts";
import type { SnapshotStore, SnapshotWriter } from "./snapshot-store.ts";

/** How snapshots are stored and checked. */
export interface SnapshotSettings {
  /**
   * How `check` convinces itself: by the manifest and the sizes of the files, or by reading all of the content, which
   * takes as long as reading the disk does. Default `manifest`; chunks are checked whenever they are read in any case.
   */
  readonly verify?: "manifest" | "content" | undefined;
  /** Default 1 MiB. */
  readonly chunkBytes?: number | undefined;
  /** A multiple of `chunkBytes`. Default 1 GiB. */
  readonly dataFileBytes?: number | undefined;
  /** After this many bytes what was written is made durable: at most so much of a broken transfer comes again. Default 8 MiB. */
  readonly syncBytes?: number | undefined;
}

/** Manifests of content far beyond any use would be larger; what is, is not read into memory. */
const SMALL_FILE_BYTES_MAX = 64 << 20;
const SYNC_BYTES = 8 << 20;

/** Opens the snapshots in a folder, which is made when it is missing, and finishes removals that were broken off. */
export async function openSnapshots(
  environment: Environment,
  directory: string,
  settings: SnapshotSettings = {},
): Promise<DirectorySnapshotStore> {
  const { files } = environment;
  await makeDurableDirectory(files, directory);
  for (const name of await files.list(directory)) {
    if (name.endsWith(REMOVING_SUFFIX)) await files.removeTree(`${directory}/${name}`);
  }
  return new DirectorySnapshotStore(environment, directory, settings);
}

/** Snapshots as folders: one each, written under a partial name, complete from the moment it is renamed. */
export class DirectorySnapshotStore implements SnapshotStore, SnapshotCatalog {
  readonly #environment: Environment;
  readonly #directory: string;
  readonly #verify: "manifest" | "content";
  readonly #chunkBytes: number;
  readonly #dataFileBytes: number;
  readonly #syncBytes: number;
  /** Partial folders that a writer of this process is at work in. */
  readonly #writing: Set<string> = new Set();

  constructor(environment: Environment, directory: string, settings: SnapshotSettings) {
    this.#environment = environment;
    this.#directory = directory;
    this.#verify = settings.verify ?? "manifest";
    this.#chunkBytes = settings.chunkBytes ?? CHUNK_BYTES;
    this.#dataFileBytes = settings.dataFileBytes ?? DATA_FILE_BYTES;
    this.#syncBytes = settings.syncBytes ?? SYNC_BYTES;
  }

  async list(): Promise<readonly SnapshotInfo[]> {
    const infos: SnapshotInfo[] = [];
    for (const name of await this.#environment.files.list(this.#directory)) {
      if (name.endsWith(PARTIAL_SUFFIX) || name.endsWith(REMOVING_SUFFIX)) continue;
      const manifest = await this.#manifest(name);
      if (manifest !== undefined) infos.push(manifest.info);
    }
    return infos.sort(newestFirst);
  }

  async create(info: Omit<SnapshotInfo, "bytes"> & { bytes?: number }): Promise<SnapshotWriter> {
    const { files } = this.#environment;
    const folder = snapshotFolderName(info);
    const partial = this.#path(folder + PARTIAL_SUFFIX);
    if (await files.exists(this.#path(folder))) {
      if ((await this.check({ ...info, bytes: info.bytes ?? 0 })) === "complete") {
        throw alreadyThere(info.id);
      }
      await this.#removeFolder(folder);
    }
    this.#claim(partial, info.id);
    try {
      await files.removeTree(partial);
      await files.makeDirectory(partial);
      await files.syncDirectory(this.#directory);
      return await DirectorySnapshotWriter.begin(this.#writerOptions(folder, info));
    } catch (error) {
      this.#writing.delete(partial);
      throw error;
    }
  }

  async resume(info: SnapshotInfo): Promise<SnapshotWriter | undefined> {
    const { files, checksum } = this.#environment;
    const folder = snapshotFolderName(info);
    const partial = this.#path(folder + PARTIAL_SUFFIX);
    const path = `${partial}/${PROGRESS_NAME}`;
    const progress = await readSmallFile(files, path, SMALL_FILE_BYTES_MAX);
    const crcs = progress === undefined ? undefined : decodeProgress(progress, info, checksum);
    if (crcs === undefined) return undefined;
    this.#claim(partial, info.id);
    try {
      return await DirectorySnapshotWriter.goOn(this.#writerOptions(folder, info), crcs);
    } catch (error) {
      this.#writing.delete(partial);
      throw error;
    }
  }

  async *read(info: SnapshotInfo, fromByte: number): AsyncGenerator<Uint8Array, void, undefined> {
    const folder = snapshotFolderName(info);
    const manifest = await this.#manifest(folder);
    if (manifest === undefined || !isSame(manifest.info, info)) {
      throw corruptSnapshot(info, "its manifest is missing or damaged");
    }
    const { files } = this.#environment;
    const data = new DataFiles(files, this.#path(folder), manifest.dataFileBytes, "read");
    try {
      yield* this.#chunks(manifest, data, fromByte);
    } finally {
      await data.close();
    }
  }

  async prune(keep: number, resumable: readonly string[]): Promise<void> {
    const kept = new Set((await this.list()).slice(0, keep).map(snapshotFolderName));
    const suffixes = resumable.map((id) => snapshotFolderName({ term: 0, index: 0, id }).slice(34));
    for (const name of await this.#environment.files.list(this.#directory)) {
      if (name.endsWith(PARTIAL_SUFFIX)) {
        const id = name.slice(34, -PARTIAL_SUFFIX.length);
        const isWanted = suffixes.includes(id) || this.#writing.has(this.#path(name));
        if (!isWanted) await this.#environment.files.removeTree(this.#path(name));
      } else if (!kept.has(name)) {
        await this.#removeFolder(name);
      }
    }
  }

  async check(info: SnapshotInfo): Promise<"complete" | "missing" | "damaged"> {
    const { files } = this.#environment;
    const folder = snapshotFolderName(info);
    if (!(await files.exists(this.#path(folder)))) return "missing";
    const manifest = await this.#manifest(folder);
    if (manifest === undefined || manifest.info.id !== info.id) return "damaged";
    const data = new DataFiles(files, this.#path(folder), manifest.dataFileBytes, "read");
    try {
      if ((await data.size()) !== manifest.info.bytes) return "damaged";
      if (this.#verify === "content") {
        for await (const chunk of this.#chunks(manifest, data, 0)) void chunk;
      }
      return "complete";
    } catch (error) {
      if (error instanceof QuorateError && error.code === "CORRUPT_SNAPSHOT") return "damaged";
      throw error;
    } finally {
      await data.close();
    }
  }

  async remove(info: SnapshotInfo): Promise<void> {
    const folder = snapshotFolderName(info);
    if (await this.#environment.files.exists(this.#path(folder))) await this.#removeFolder(folder);
  }

  async *#chunks(
    manifest: Manifest,
    data: DataFiles,
    fromByte: number,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { checksum } = this.#environment;
    const { info, chunkBytes, chunkCrcs } = manifest;
    const sha256 = fromByte === 0 ? checksum.sha256() : undefined;
    for (let chunk = Math.floor(fromByte / chunkBytes); chunk < chunkCrcs.length; chunk += 1) {
      const from = chunk * chunkBytes;
      const bytes = new Uint8Array(Math.min(chunkBytes, info.bytes - from));
      const count = await readOrNothing(data, from, bytes);
      if (count < bytes.length || checksum.crc32(bytes) !== chunkCrcs[chunk]) {
        throw corruptSnapshot(info, `the chunk at byte ${from} is damaged`);
      }
      sha256?.update(bytes);
      yield fromByte > from ? bytes.subarray(fromByte - from) : bytes;
    }
    if (sha256 !== undefined && sha256.digestHex() !== manifest.sha256Hex) {
      throw corruptSnapshot(info, "its content does not have the hash it should have");
    }
  }

  /** A removal that is broken off leaves nothing that looks complete. */
  async #removeFolder(folder: string): Promise<void> {
    const { files } = this.#environment;
    const removing = this.#path(folder + REMOVING_SUFFIX);
    await files.removeTree(removing);
    await files.rename(this.#path(folder), removing);
    await files.syncDirectory(this.#directory);
    await files.removeTree(removing);
  }

  async #manifest(folder: string): Promise<Manifest | undefined> {
    const { files, checksum } = this.#environment;
    const path = `${this.#path(folder)}/${MANIFEST_NAME}`;
    const bytes = await readSmallFile(files, path, SMALL_FILE_BYTES_MAX);
    const manifest = bytes === undefined ? undefined : decodeManifest(bytes, checksum);
    // A manifest in another snapshot's folder is no manifest of it.
    if (manifest === undefined || snapshotFolderName(manifest.info) !== folder) return undefined;
    return manifest;
  }

  #claim(partial: string, id: string): void {
    if (this.#writing.has(partial)) {
      throw new QuorateError("ALREADY_EXISTS", `snapshot ${id} is being written already`, {
        outcome: "notApplied",
        retryable: true,
      });
    }
    this.#writing.add(partial);
  }

  #writerOptions(
    folder: string,
    info: Omit<SnapshotInfo, "bytes"> & { bytes?: number },
  ): WriterOptions {
    const partial = this.#path(folder + PARTIAL_SUFFIX);
    const { term, index, membership, id, bytes = 0 } = info;
    return {
      environment: this.#environment,
      partial,
      complete: this.#path(folder),
      parent: this.#directory,
      chunkBytes: this.#chunkBytes,
      dataFileBytes: this.#dataFileBytes,
      syncBytes: this.#syncBytes,
      info: { term, index, membership, id, bytes },
      onEnd: () => {
        this.#writing.delete(partial);
      },
    };
  }

  #path(name: string): string {
    return `${this.#directory}/${name}`;
  }
}

/** A data file that is gone is as damaged as one that is too short. */
async function readOrNothing(data: DataFiles, from: number, into: Uint8Array): Promise<number> {
  try {
    return await data.read(from, into);
  } catch (error) {
    if (error instanceof FileError && error.code === "notFound") return 0;
    throw error;
  }
}

function newestFirst(left: SnapshotInfo, right: SnapshotInfo): number {
  if (left.index !== right.index) return right.index - left.index;
  if (left.term !== right.term) return right.term - left.term;
  return left.id < right.id ? -1 : 1;
}

function isSame(left: SnapshotInfo, right: SnapshotInfo): boolean {
  return left.id === right.id && left.index === right.index && left.term === right.term;
}

function alreadyThere(id: string): QuorateError {
  return new QuorateError("ALREADY_EXISTS", `snapshot ${id} is there already`, {
    outcome: "notApplied",
    retryable: false,
  });
}
