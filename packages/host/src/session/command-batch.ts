import type { MemberId } from "@quorate/core";
import { ByteReader } from "../wire/byte-reader.ts";
import { ByteWriter } from "../wire/byte-writer.ts";
import { WireError } from "../wire/wire-error.ts";

/** First byte of every payload of a `command` entry. */
const BATCH_VERSION = 1;

/**
 * Commands in one entry. More would make the unit of replication, disk writes and applying needlessly coarse; what
 * arrives beyond it in one turn goes into the next entry.
 */
export const BATCH_COMMANDS_MAX = 2_048;

/** Bytes after which a batch is closed; a single command may be larger. */
export const BATCH_BYTES_MAX: number = 512 << 10;

/** Numbers of the item kinds in a batch; a number never changes its meaning. */
export const ItemKind = {
  /** A plain command. */
  command: 0,
  /** A command of a user session. */
  sessionCommand: 1,
  openSession: 2,
  closeSession: 3,
  /** Keeps the place of a command that was withdrawn before it ever left its member. */
  void: 4,
} as const;

/**
 * What stands before the commands of a batch. Item `i` has the sequence `firstSequence + i` in the member session
 * (`member`, `incarnation`).
 */
export interface BatchHeader {
  readonly member: MemberId;
  readonly incarnation: number;
  readonly firstSequence: number;
  /** The origin waits for no sequence below: copies of them may be dropped unseen. */
  readonly acknowledgedBelow: number;
  /** The origin's wall clock, whole milliseconds since 1970. */
  readonly proposedAtMs: number;
  readonly count: number;
}

/** Set when the batch holds anything of user sessions: such a batch ends its portion. */
const FLAG_SESSIONS = 1;

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Gathers the commands of one turn into the payload of one entry. */
export class BatchBuilder {
  readonly #items: ByteWriter = new ByteWriter();
  readonly #payloads: ByteWriter = new ByteWriter();
  #count = 0;
  #flags = 0;

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#items.length;
  }

  /** No more fits: close it before adding. */
  get isFull(): boolean {
    return this.#count >= BATCH_COMMANDS_MAX || this.#items.length >= BATCH_BYTES_MAX;
  }

  addCommand(command: Uint8Array): void {
    this.#items.u8(ItemKind.command);
    this.#items.bytes(command);
    this.#count += 1;
  }

  addSessionCommand(
    sessionId: number,
    sequence: number,
    acknowledgedBelow: number,
    command: Uint8Array,
  ): void {
    this.#flags |= FLAG_SESSIONS;
    this.#items.u8(ItemKind.sessionCommand);
    this.#items.varint(sessionId);
    this.#items.varint(sequence);
    this.#items.varint(acknowledgedBelow);
    this.#items.bytes(command);
    this.#count += 1;
  }

  addOpenSession(): void {
    this.#flags |= FLAG_SESSIONS;
    this.#items.u8(ItemKind.openSession);
    this.#count += 1;
  }

  addCloseSession(sessionId: number): void {
    this.#flags |= FLAG_SESSIONS;
    this.#items.u8(ItemKind.closeSession);
    this.#items.varint(sessionId);
    this.#count += 1;
  }

  addVoid(): void {
    this.#items.u8(ItemKind.void);
    this.#count += 1;
  }

  /** The payload with everything added; the builder is empty afterwards. */
  close(header: Omit<BatchHeader, "count">): Uint8Array {
    const writer = this.#payloads;
    writer.u8(BATCH_VERSION);
    writer.u8(this.#flags);
    writer.varint(header.member);
    writer.varint(header.incarnation);
    writer.varint(header.firstSequence);
    writer.varint(header.acknowledgedBelow);
    writer.varint(header.proposedAtMs);
    writer.varint(this.#count);
    writer.raw(this.#items.view());
    this.#items.rewind(0);
    this.#count = 0;
    this.#flags = 0;
    return writer.take();
  }
}

/**
 * Reads a batch item by item: `advance` moves to the next, whose fields then stand here (those that its kind does not
 * use are stale). Throws `WireError` where the bytes are not a batch.
 */
export class BatchReader {
  readonly header: BatchHeader;
  /** Whether any item belongs to a user session. */
  readonly hasSessions: boolean;
  kind = 0;
  sessionId = 0;
  sequence = 0;
  acknowledgedBelow = 0;
  /** A view of the entry's payload. */
  command: Uint8Array = NO_BYTES;
  readonly #reader: ByteReader;
  #left: number;

  constructor(payload: Uint8Array) {
    const reader = new ByteReader(payload);
    if (reader.u8() !== BATCH_VERSION) throw new WireError("badMagic", "not a batch of commands");
    const flags = reader.u8();
    if (flags > FLAG_SESSIONS) throw new WireError("badValue", "unknown flags of a batch");
    const member = reader.varint();
    const incarnation = reader.varint();
    const firstSequence = reader.varint();
    const acknowledgedBelow = reader.varint();
    const proposedAtMs = reader.varint();
    const count = reader.count(1);
    if (!Number.isSafeInteger(firstSequence + count)) {
      throw new WireError("badNumber", "the sequences of a batch end beyond the safe integers");
    }
    this.header = { member, incarnation, firstSequence, acknowledgedBelow, proposedAtMs, count };
    this.hasSessions = flags === FLAG_SESSIONS;
    this.#reader = reader;
    this.#left = count;
  }

  /** False after the last item, when nothing may follow. */
  advance(): boolean {
    const reader = this.#reader;
    if (this.#left === 0) {
      reader.end();
      return false;
    }
    this.#left -= 1;
    this.kind = reader.u8();
    switch (this.kind) {
      case ItemKind.command:
        this.command = reader.bytes();
        return true;
      case ItemKind.void:
        return true;
      default:
        this.#sessionItem(reader);
        return true;
    }
  }

  #sessionItem(reader: ByteReader): void {
    if (!this.hasSessions) throw new WireError("badValue", "a session item in a plain batch");
    switch (this.kind) {
      case ItemKind.sessionCommand:
        this.sessionId = reader.varint();
        this.sequence = reader.varint();
        this.acknowledgedBelow = reader.varint();
        this.command = reader.bytes();
        return;
      case ItemKind.openSession:
        return;
      case ItemKind.closeSession:
        this.sessionId = reader.varint();
        return;
      default:
        throw new WireError("unknownKind", `no batch item has the number ${this.kind}`);
    }
  }
}

/** Reads all of it: throws `WireError` unless `payload` is a whole batch. Returns its header. */
export function checkBatch(payload: Uint8Array): BatchHeader {
  const reader = new BatchReader(payload);
  while (reader.advance());
  return reader.header;
}

/** The same batch with the items at `withdrawn` replaced by nothing; for batches that never left. */
export function withdrawItems(payload: Uint8Array, withdrawn: ReadonlySet<number>): Uint8Array {
  const reader = new BatchReader(payload);
  const builder = new BatchBuilder();
  for (let place = 0; reader.advance(); place++) {
    if (withdrawn.has(place)) builder.addVoid();
    else copyItem(builder, reader);
  }
  return builder.close(reader.header);
}

function copyItem(builder: BatchBuilder, from: BatchReader): void {
  switch (from.kind) {
    case ItemKind.command:
      builder.addCommand(from.command);
      return;
    case ItemKind.sessionCommand:
      builder.addSessionCommand(
        from.sessionId,
        from.sequence,
        from.acknowledgedBelow,
        from.command,
      );
      return;
    case ItemKind.openSession:
      builder.addOpenSession();
      return;
    case ItemKind.closeSession:
      builder.addCloseSession(from.sessionId);
      return;
    default:
      builder.addVoid();
  }
}
