import type { MemberId } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import { FileError } from "../environment/environment.ts";
import { QuorateError } from "../errors.ts";
import { ByteReader } from "../wire/byte-reader.ts";
import { ByteWriter } from "../wire/byte-writer.ts";
import { WireError } from "../wire/wire-error.ts";
import type { Refusal } from "./handshake.ts";
import { CLUSTER_ID_BYTES_MAX } from "./handshake.ts";

const FILE_NAME = "known-hosts";

/** "QKHO", then the version. */
const FILE_MAGIC = 0x4f484b51;
const FILE_VERSION = 1;

interface KnownHost {
  readonly dataId: string;
  readonly incarnation: number;
}

/**
 * Remembers, across restarts, which data each host of the cluster has and how often it was started. A host that comes
 * back with other data has lost its log and its votes: if it were believed, it could vote twice in a term or help to
 * elect a leader without entries it once acknowledged. The memory is durable before the host is admitted.
 */
export class KnownHosts {
  readonly #environment: Environment;
  readonly #directory: string;
  readonly #hosts: Map<MemberId, KnownHost>;
  #saving: Promise<void> = Promise.resolve();

  private constructor(
    environment: Environment,
    directory: string,
    hosts: Map<MemberId, KnownHost>,
  ) {
    this.#environment = environment;
    this.#directory = directory;
    this.#hosts = hosts;
  }

  static async open(environment: Environment, directory: string): Promise<KnownHosts> {
    const path = `${directory}/${FILE_NAME}`;
    const hosts = (await environment.files.exists(path))
      ? decode(environment, await readWhole(environment, path))
      : new Map<MemberId, KnownHost>();
    return new KnownHosts(environment, directory, hosts);
  }

  /**
   * Decides about a host that has named itself. `then` is called at once for a host whose data is known; what it says
   * is new is made durable first, because a host that loses its data later must be recognised by it.
   */
  admit(
    host: MemberId,
    dataId: string,
    incarnation: number,
    then: (refusal: Refusal | undefined) => void,
  ): void {
    const refusal = this.#check(host, dataId, incarnation);
    const known = this.#hosts.get(host);
    if (refusal !== undefined || known !== undefined) {
      // A newer start of known data: remembering it helps against old copies, and can wait for a disk that has room.
      if (refusal === undefined && known?.incarnation !== incarnation) {
        this.#hosts.set(host, { dataId, incarnation });
        this.#saving = this.#saving.then(() => this.#save(this.#hosts)).catch(() => undefined);
      }
      then(refusal);
      return;
    }
    this.#saving = this.#saving
      .then(() => this.#learn(host, dataId, incarnation))
      .then(
        (refused) => then(refused),
        (error: unknown) =>
          then({ code: "stopping", reason: `cannot remember the host: ${String(error)}` }),
      );
  }

  /** The incarnation a host was last seen with, 0 for never. */
  incarnation(host: MemberId): number {
    return this.#hosts.get(host)?.incarnation ?? 0;
  }

  async #learn(host: MemberId, dataId: string, incarnation: number): Promise<Refusal | undefined> {
    const refusal = this.#check(host, dataId, incarnation);
    if (refusal !== undefined || this.#hosts.has(host)) return refusal;
    const hosts = new Map(this.#hosts);
    hosts.set(host, { dataId, incarnation });
    await this.#save(hosts);
    this.#hosts.set(host, { dataId, incarnation });
    return undefined;
  }

  #check(host: MemberId, dataId: string, incarnation: number): Refusal | undefined {
    const known = this.#hosts.get(host);
    if (known === undefined) return undefined;
    if (known.dataId !== dataId) {
      return {
        code: "dataLost",
        reason: `host ${host} came back with other data than it had: remove it and add it under a new number`,
      };
    }
    if (incarnation < known.incarnation) {
      return {
        code: "olderIncarnation",
        reason: `host ${host} was seen with start ${known.incarnation} and now shows start ${incarnation}: its data is an old copy: bring the newest back, or remove it and add it under a new number`,
      };
    }
    return undefined;
  }

  async #save(hosts: ReadonlyMap<MemberId, KnownHost>): Promise<void> {
    const { files } = this.#environment;
    const path = `${this.#directory}/${FILE_NAME}`;
    const next = `${path}.tmp`;
    if (await files.exists(next)) await files.remove(next);
    const file = await files.open(next, { mode: "create" });
    try {
      await file.write(0, [encode(this.#environment, hosts)]);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(next, path);
    await files.syncDirectory(this.#directory);
  }
}

function encode(environment: Environment, hosts: ReadonlyMap<MemberId, KnownHost>): Uint8Array {
  const writer = new ByteWriter();
  writer.u32(FILE_MAGIC);
  writer.varint(FILE_VERSION);
  writer.varint(hosts.size);
  for (const [host, known] of hosts) {
    writer.varint(host);
    writer.text(known.dataId);
    writer.varint(known.incarnation);
  }
  writer.u32(environment.checksum.crc32(writer.view()));
  return writer.take();
}

function decode(environment: Environment, bytes: Uint8Array): Map<MemberId, KnownHost> {
  try {
    const content = bytes.subarray(0, Math.max(0, bytes.length - 4));
    const crc = new ByteReader(bytes, content.length).u32();
    if (environment.checksum.crc32(content) !== crc) {
      throw new WireError("badChecksum", "its checksum does not match");
    }
    const reader = new ByteReader(content);
    if (reader.u32() !== FILE_MAGIC || reader.varint() !== FILE_VERSION) {
      throw new WireError("badMagic", "it is not of a version that is understood here");
    }
    const hosts = new Map<MemberId, KnownHost>();
    const count = reader.count(3);
    for (let place = 0; place < count; place++) {
      const host = reader.varint();
      const dataId = reader.text(CLUSTER_ID_BYTES_MAX);
      hosts.set(host, { dataId, incarnation: reader.varint() });
    }
    reader.end();
    return hosts;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new QuorateError(
      "CORRUPT_LOG",
      `The file ${FILE_NAME}, which says whose data this host has met, is damaged: ${words}. Replace this member: remove it from its groups, empty its folder, and add it as a new one.`,
      { outcome: "notApplied", retryable: false, cause: error },
    );
  }
}

async function readWhole(environment: Environment, path: string): Promise<Uint8Array> {
  const file = await environment.files.open(path, { mode: "read" });
  try {
    const bytes = new Uint8Array(await file.size());
    const count = await file.read(0, bytes);
    if (count !== bytes.length) throw new FileError("io", path, "shorter than its size");
    return bytes;
  } finally {
    await file.close();
  }
}
