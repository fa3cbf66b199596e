import type { LogPosition, SnapshotInfo } from "@quorate/core";
import type { Codec, Committed, OpenedState, SnapshotSource, StateMachine } from "@quorate/host";
import type { KvAnswer, KvCommand, KvCommandCodec, KvQuery, KvResult } from "@quorate/kv";
import { Directory, type DirectoryCommand, type DirectoryResult } from "./directory.ts";
import {
  decodeDirectory,
  decodeDirectoryCommand,
  encodeDirectory,
  encodeDirectoryCommand,
} from "./directory-codec.ts";
import { FrontReader, framed, unframed, withDirectory } from "./snapshot-front.ts";

/** What a member's group replicates: the keys, and beside them who the members are. */
export type MemberCommand = KvCommand | DirectoryCommand;
export type MemberResult = KvResult | DirectoryResult;

/** Commands applied since the start, for monitoring. */
export interface CommandCounts {
  put: number;
  deleteRange: number;
  txn: number;
  leaseGrant: number;
  leaseRevoke: number;
}

type KvMachine = StateMachine<KvCommand, KvResult, KvQuery, KvAnswer>;

/**
 * The key-value machine with the directory of members beside it. The directory is small and lives in memory; where the
 * machine's state becomes durable or leaves as a snapshot, it travels along: in front of the host's companion and in
 * front of the machine's own chunks.
 */
export class MemberMachine implements StateMachine<MemberCommand, MemberResult, KvQuery, KvAnswer> {
  readonly directory: Directory = new Directory();
  readonly counts: CommandCounts = {
    put: 0,
    deleteRange: 0,
    txn: 0,
    leaseGrant: 0,
    leaseRevoke: 0,
  };
  readonly #kv: KvMachine;

  constructor(kv: KvMachine) {
    this.#kv = kv;
    if (kv.flush !== undefined) {
      this.flush = (applied, companion) => this.#flush(kv, applied, companion);
    }
  }

  flush?: (applied: LogPosition, companion: Uint8Array) => Promise<void>;

  get unflushedBytes(): number {
    return this.#kv.unflushedBytes ?? 0;
  }

  async open(): Promise<OpenedState> {
    const { position, companion } = await this.#kv.open();
    return { position, companion: this.#takeDirectory(companion) };
  }

  apply(
    batch: readonly Committed<MemberCommand>[],
  ): readonly MemberResult[] | Promise<readonly MemberResult[]> {
    for (let i = 0; i < batch.length; i += 1) this.#count(batch[i]?.command.type);
    return isKvOnly(batch) ? this.#kv.apply(batch) : this.#applyMixed(batch);
  }

  #count(type: MemberCommand["type"] | undefined): void {
    switch (type) {
      case "put":
      case "deleteRange":
      case "txn":
      case "leaseGrant":
      case "leaseRevoke":
        this.counts[type] += 1;
        break;
      default:
    }
  }

  query(query: KvQuery): KvAnswer | Promise<KvAnswer> {
    return this.#kv.query(query);
  }

  beginSnapshot(): SnapshotSource {
    const directory = this.#encodedDirectory();
    const source = this.#kv.beginSnapshot();
    return {
      chunks: () => withDirectory(directory, source.chunks()),
      release: () => source.release(),
    };
  }

  async restore(
    info: SnapshotInfo,
    chunks: AsyncIterable<Uint8Array>,
    companion: Uint8Array,
  ): Promise<void> {
    const front = new FrontReader(chunks);
    const directory = await front.take();
    // Before the keys are replaced: a front that cannot be read must not cost what is there.
    decodeDirectory(directory);
    await this.#kv.restore(info, front.rest(), framed(directory, companion));
    this.#replaceDirectory(directory);
  }

  close(): Promise<void> {
    return this.#kv.close();
  }

  /** Runs of key commands go through together; changes of the directory between them take effect in their place. */
  async #applyMixed(batch: readonly Committed<MemberCommand>[]): Promise<readonly MemberResult[]> {
    const results: MemberResult[] = [];
    let run: Committed<KvCommand>[] = [];
    const finishRun = async (): Promise<void> => {
      if (run.length > 0) results.push(...(await this.#kv.apply(run)));
      run = [];
    };
    for (const committed of batch) {
      if (isDirectoryCommand(committed.command)) {
        await finishRun();
        results.push(this.directory.apply(committed.command));
      } else run.push({ ...committed, command: committed.command });
    }
    await finishRun();
    return results;
  }

  async #flush(kv: KvMachine, applied: LogPosition, companion: Uint8Array): Promise<void> {
    await kv.flush?.(applied, framed(this.#encodedDirectory(), companion));
  }

  #encodedDirectory(): Uint8Array {
    const { directory } = this;
    return encodeDirectory({ members: directory.members(), nextId: directory.nextId });
  }

  #takeDirectory(companion: Uint8Array): Uint8Array {
    if (companion.length === 0) return companion;
    const { front, rest } = unframed(companion);
    this.#replaceDirectory(front);
    return rest;
  }

  #replaceDirectory(bytes: Uint8Array): void {
    const { members, nextId } = decodeDirectory(bytes);
    this.directory.replace(members, nextId);
  }
}

function isDirectoryCommand(command: MemberCommand): command is DirectoryCommand {
  switch (command.type) {
    case "memberPublish":
    case "memberAdd":
    case "memberUpdate":
    case "memberPromote":
    case "memberRemove":
      return true;
    default:
      return false;
  }
}

function isKvOnly(
  batch: readonly Committed<MemberCommand>[],
): batch is readonly Committed<KvCommand>[] {
  for (let i = 0; i < batch.length; i += 1) {
    const committed = batch[i];
    if (committed !== undefined && isDirectoryCommand(committed.command)) return false;
  }
  return true;
}

/** Reads and writes log entries of both kinds; the first byte says which. */
export function memberCommandCodec(kv: KvCommandCodec): Codec<MemberCommand> {
  return {
    encode(command) {
      if (!isDirectoryCommand(command)) return kv.encode(command, ENTRY_KV);
      const body = encodeDirectoryCommand(command);
      const bytes = new Uint8Array(1 + body.length);
      bytes[0] = ENTRY_DIRECTORY;
      bytes.set(body, 1);
      return bytes;
    },
    decode(bytes) {
      switch (bytes[0]) {
        case ENTRY_KV:
          return kv.decode(bytes, 1);
        case ENTRY_DIRECTORY:
          return decodeDirectoryCommand(bytes.subarray(1));
        default:
          throw new Error(`a log entry of kind ${bytes[0]} is not known to this version`);
      }
    },
  };
}

const ENTRY_KV = 0;
const ENTRY_DIRECTORY = 1;
