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

/** One item of a batch. Fields that its kind does not use are 0 or empty. */
export interface BatchItem {
  readonly kind: number;
  readonly sessionId: number;
  readonly sequence: number;
  readonly acknowledgedBelow: number;
  /** A view of the entry's payload. */
  readonly command: Uint8Array;
}

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Gathers the commands of one turn into the payload of one entry. */
export class BatchBuilder {
  readonly #items: ByteWriter = new ByteWriter();
  readonly #payloads: ByteWriter = new ByteWriter();
  #count = 0;

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
    this.#items.u8(ItemKind.sessionCommand);
    this.#items.varint(sessionId);
    this.#items.varint(sequence);
    this.#items.varint(acknowledgedBelow);
    this.#items.bytes(command);
    this.#count += 1;
  }

  addOpenSession(): void {
    this.#items.u8(ItemKind.openSession);
    this.#count += 1;
  }

  addCloseSession(sessionId: number): void {
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
    writer.varint(header.member);
    writer.varint(header.incarnation);
    writer.varint(header.firstSequence);
    writer.varint(header.acknowledgedBelow);
    writer.varint(header.proposedAtMs);
    writer.varint(this.#count);
    writer.raw(this.#items.view());
    this.#items.rewind(0);
    this.#count = 0;
    return writer.take();
  }
}

/** Reads a batch item by item. Throws `WireError` where the bytes are not a batch. */
export class BatchReader {
  readonly header: BatchHeader;
  readonly #reader: ByteReader;
  #left: number;

  constructor(payload: Uint8Array) {
    const reader = new ByteReader(payload);
    if (reader.u8() !== BATCH_VERSION) throw new WireError("badMagic", "not a batch of commands");
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
    this.#reader = reader;
    this.#left = count;
  }

  /** The next item; undefined after the last, when nothing may follow. */
  next(): BatchItem | undefined {
    if (this.#left === 0) {
      this.#reader.end();
      return undefined;
    }
    this.#left -= 1;
    const reader = this.#reader;
    const kind = reader.u8();
    switch (kind) {
      case ItemKind.command:
        return item(kind, 0, 0, 0, reader.bytes());
      case ItemKind.sessionCommand: {
        const sessionId = reader.varint();
        const sequence = reader.varint();
        const acknowledgedBelow = reader.varint();
        return item(kind, sessionId, sequence, acknowledgedBelow, reader.bytes());
      }
      case ItemKind.closeSession:
        return item(kind, reader.varint(), 0, 0, NO_BYTES);
      case ItemKind.openSession:
      case ItemKind.void:
        return item(kind, 0, 0, 0, NO_BYTES);
      default:
        throw new WireError("unknownKind", `no batch item has the number ${kind}`);
    }
  }
}

/** The same batch with the items at `withdrawn` replaced by nothing; for batches that never left. */
export function withdrawItems(payload: Uint8Array, withdrawn: ReadonlySet<number>): Uint8Array {
  const reader = new BatchReader(payload);
  const builder = new BatchBuilder();
  for (let place = 0; ; place++) {
    const next = reader.next();
    if (next === undefined) return builder.close(reader.header);
    if (withdrawn.has(place)) builder.addVoid();
    else copyItem(builder, next);
  }
}

function copyItem(builder: BatchBuilder, from: BatchItem): void {
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

function item(
  kind: number,
  sessionId: number,
  sequence: number,
  acknowledgedBelow: number,
  command: Uint8Array,
): BatchItem {
  return { kind, sessionId, sequence, acknowledgedBelow, command };
}
