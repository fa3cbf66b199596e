import type { SnapshotInfo } from "@quorate/core";
import type { Environment, FileHandle, Sha256 } from "../environment/environment.ts";
import { writeSmallFile } from "../environment/small-file.ts";
import { DataFiles } from "./data-files.ts";
import { corruptSnapshot } from "./snapshot-error.ts";
import {
  encodeManifest,
  encodeProgressHead,
  encodeProgressRecord,
  MANIFEST_NAME,
  PROGRESS_NAME,
  PROGRESS_RECORD_BYTES,
} from "./snapshot-format.ts";
import type { SnapshotWriter } from "./snapshot-store.ts";

export interface WriterOptions {
  readonly environment: Environment;
  /** Where it is written, and where it will be. */
  readonly partial: string;
  readonly complete: string;
  readonly parent: string;
  readonly chunkBytes: number;
  readonly dataFileBytes: number;
  readonly syncBytes: number;
  /** `bytes` 0 where the length is not known before the end. */
  readonly info: SnapshotInfo;
  /** Called once, when the writer is done for in whatever way. */
  readonly onEnd: () => void;
}

/** Writes one snapshot into its partial folder, chunk by chunk; `commit` gives the folder its name. */
export class DirectorySnapshotWriter implements SnapshotWriter {
  readonly #options: WriterOptions;
  readonly #data: DataFiles;
  readonly #progress: FileHandle;
  readonly #progressHeadBytes: number;
  readonly #sha256: Sha256;
  readonly #chunkCrcs: number[];
  readonly #chunk: Uint8Array;
  #chunkFill = 0;
  #durableChunks: number;
  #writing: Promise<void> = Promise.resolve();
  #ended = false;

  private constructor(
    options: WriterOptions,
    data: DataFiles,
    progress: FileHandle,
    sha256: Sha256,
    chunkCrcs: readonly number[],
  ) {
    this.#options = options;
    this.#data = data;
    this.#progress = progress;
    this.#sha256 = sha256;
    this.#chunkCrcs = [...chunkCrcs];
    this.#durableChunks = chunkCrcs.length;
    this.#chunk = new Uint8Array(options.chunkBytes);
    const { info, environment } = options;
    this.#progressHeadBytes = encodeProgressHead(info, environment.checksum).length;
  }

  /** Begins in an empty folder. */
  static async begin(options: WriterOptions): Promise<DirectorySnapshotWriter> {
    const { environment, partial, info } = options;
    const { files, checksum } = environment;
    const path = `${partial}/${PROGRESS_NAME}`;
    await writeSmallFile(files, path, encodeProgressHead(info, checksum));
    const data = new DataFiles(files, partial, options.dataFileBytes, "write");
    await data.truncate(0);
    await data.sync();
    await files.syncDirectory(partial);
    const progress = await files.open(path, { mode: "write" });
    return new DirectorySnapshotWriter(options, data, progress, checksum.sha256(), []);
  }

  /** Goes on behind the chunks whose bytes are still what `chunkCrcs` says. */
  static async goOn(
    options: WriterOptions,
    chunkCrcs: readonly number[],
  ): Promise<DirectorySnapshotWriter> {
    const { environment, partial, chunkBytes } = options;
    const { files, checksum } = environment;
    const data = new DataFiles(files, partial, options.dataFileBytes, "write");
    const sha256 = checksum.sha256();
    const good: number[] = [];
    const chunk = new Uint8Array(chunkBytes);
    for (const crc of chunkCrcs) {
      const count = await data.read(good.length * chunkBytes, chunk);
      if (count !== chunkBytes || checksum.crc32(chunk) !== crc) break;
      sha256.update(chunk);
      good.push(crc);
    }
    await data.truncate(good.length * chunkBytes);
    const progress = await files.open(`${partial}/${PROGRESS_NAME}`, { mode: "write" });
    const writer = new DirectorySnapshotWriter(options, data, progress, sha256, good);
    await progress.truncate(writer.#progressEnd(good.length));
    await data.sync();
    await progress.sync();
    return writer;
  }

  get durableBytes(): number {
    return this.#durableChunks * this.#options.chunkBytes;
  }

  write(chunk: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      for (let at = 0; at < chunk.length; ) {
        const count = Math.min(this.#chunk.length - this.#chunkFill, chunk.length - at);
        this.#chunk.set(chunk.subarray(at, at + count), this.#chunkFill);
        this.#chunkFill += count;
        at += count;
        if (this.#chunkFill === this.#chunk.length) await this.#writeChunk();
      }
    });
  }

  commit(): Promise<SnapshotInfo> {
    return this.#inTurn(async () => {
      const { environment, partial, complete, parent, info } = this.#options;
      const { files, checksum } = environment;
      const bytes = this.#chunkCrcs.length * this.#chunk.length + this.#chunkFill;
      if (info.bytes > 0 && bytes !== info.bytes) {
        throw corruptSnapshot(info, `it has ${bytes} bytes, ${info.bytes} were announced`);
      }
      if (this.#chunkFill > 0) await this.#writeChunk();
      await this.#data.sync();
      const final = { ...info, bytes };
      const { chunkBytes, dataFileBytes } = this.#options;
      const manifest = encodeManifest(
        {
          info: final,
          chunkBytes,
          dataFileBytes,
          sha256Hex: this.#sha256.digestHex(),
          chunkCrcs: this.#chunkCrcs,
        },
        checksum,
      );
      await writeSmallFile(files, `${partial}/${MANIFEST_NAME}`, manifest);
      await this.#end();
      await files.remove(`${partial}/${PROGRESS_NAME}`);
      await files.syncDirectory(partial);
      await files.rename(partial, complete);
      await files.syncDirectory(parent);
      return final;
    });
  }

  /**
   * Stops. A snapshot whose length was known from the start came from another member: its durable chunks stay, so that
   * the next try of the same one goes on behind them. Any other is removed.
   */
  async discard(): Promise<void> {
    await this.#writing.catch(() => undefined);
    if (this.#ended) return;
    await this.#end();
    const { environment, partial, info } = this.#options;
    if (info.bytes === 0) await environment.files.removeTree(partial);
  }

  async #writeChunk(): Promise<void> {
    const { environment, chunkBytes } = this.#options;
    const bytes = this.#chunk.subarray(0, this.#chunkFill);
    await this.#data.write(this.#chunkCrcs.length * chunkBytes, bytes);
    this.#sha256.update(bytes);
    this.#chunkCrcs.push(environment.checksum.crc32(bytes));
    this.#chunkFill = 0;
    const isWhole = bytes.length === chunkBytes;
    const ahead = (this.#chunkCrcs.length - this.#durableChunks) * chunkBytes;
    if (isWhole && ahead >= this.#options.syncBytes) await this.#makeDurable();
  }

  /** First the chunks, then the record that vouches for them. */
  async #makeDurable(): Promise<void> {
    const { checksum, files } = this.#options.environment;
    await this.#data.sync();
    await files.syncDirectory(this.#options.partial);
    const records: Uint8Array[] = [];
    for (let chunk = this.#durableChunks; chunk < this.#chunkCrcs.length; chunk += 1) {
      records.push(encodeProgressRecord(chunk, this.#chunkCrcs[chunk] as number, checksum));
    }
    await this.#progress.writeDurably(this.#progressEnd(this.#durableChunks), records);
    this.#durableChunks = this.#chunkCrcs.length;
  }

  #progressEnd(chunks: number): number {
    return this.#progressHeadBytes + chunks * PROGRESS_RECORD_BYTES;
  }

  async #end(): Promise<void> {
    this.#ended = true;
    await this.#data.close();
    await this.#progress.close();
    this.#options.onEnd();
  }

  /** One call after the other; none after the end or after one that failed. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#writing.then(() => {
      if (this.#ended) throw corruptSnapshot(this.#options.info, "its writer was closed");
      return run();
    });
    this.#writing = done.then(() => undefined);
    this.#writing.catch(() => undefined);
    return done;
  }
}
