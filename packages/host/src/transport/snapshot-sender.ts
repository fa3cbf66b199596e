import type { MemberId, SnapshotInfo, Term } from "@quorate/core";
import type { ByteWriter } from "../wire/byte-writer.ts";
import { FrameKind } from "./frame.ts";
import type { PeerLink } from "./peer-link.ts";
import {
  readSnapshotEnd,
  readSnapshotProgress,
  SNAPSHOT_WINDOW_BYTES,
  writeSnapshotChunk,
  writeSnapshotEnd,
  writeSnapshotOffer,
} from "./snapshot-codec.ts";
import type { AbortSignalLike, GroupId, SnapshotReader } from "./transport.ts";
import type { TransportContext } from "./transport-context.ts";

/** Without a word from the receiver for so long a transfer is given up; the next attempt goes on where it broke off. */
const PROGRESS_TIMEOUT_MS = 30_000;

/** The receiver checks, installs and restores after the last byte: that may take long for a large state. */
const INSTALL_TIMEOUT_MS = 600_000;

/** Content bytes per chunk frame; with a rate limit no more than a second's worth, or the wait for one looks like silence. */
const CHUNK_BYTES_MAX = 1 << 20;

/** Unused for so long, the bulk connection to a peer is closed. */
const BULK_REST_MS = 10_000;

export interface OutgoingSnapshot {
  readonly group: GroupId;
  readonly peer: MemberId;
  readonly term: Term;
  readonly info: SnapshotInfo;
  readonly source: SnapshotReader;
  readonly signal: AbortSignalLike;
}

type Answer =
  | { readonly kind: "have"; readonly bytes: number }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly reason: string };

/** One conversation about one snapshot. */
interface Transfer {
  readonly id: number;
  readonly link: PeerLink;
  answer: Answer | undefined;
  creditedBytes: number;
  /** Resolves the wait that is under way, if any. */
  wake: (() => void) | undefined;
}

/** Sends snapshots: a few at a time, within a window of unacknowledged bytes and a rate, from where the last try ended. */
export class SnapshotSender {
  readonly #context: TransportContext;
  readonly #transfers: Map<number, Transfer> = new Map();
  readonly #waiting: (() => void)[] = [];
  #nextTransfer = 1;
  #active = 0;
  /** When the rate limit allows the next byte. */
  #nextByteAtMs = 0;

  constructor(context: TransportContext) {
    this.#context = context;
  }

  async send(link: PeerLink, snapshot: OutgoingSnapshot): Promise<void> {
    await this.#slot(snapshot.signal);
    const transfer: Transfer = {
      id: this.#nextTransfer++,
      link,
      answer: undefined,
      creditedBytes: 0,
      wake: undefined,
    };
    const onAbort = (): void => transfer.wake?.();
    snapshot.signal.addEventListener("abort", onAbort);
    this.#transfers.set(transfer.id, transfer);
    link.onSnapshotAnswer = (kind, body) => this.#onAnswer(kind, body);
    link.onBulkChange = () => this.#wakeAll(link);
    try {
      await this.#run(transfer, snapshot);
    } finally {
      snapshot.signal.removeEventListener("abort", onAbort);
      this.#transfers.delete(transfer.id);
      this.#release();
      this.#restLater(link);
    }
  }

  /** Waits for one of the places; a place that becomes free passes on without being counted down. */
  async #slot(signal: AbortSignalLike): Promise<void> {
    if (this.#active < this.#context.limits.snapshotsMax) {
      this.#active += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = (): void => {
        const place = this.#waiting.indexOf(go);
        if (place < 0) return;
        this.#waiting.splice(place, 1);
        signal.removeEventListener("abort", giveUp);
        reject(givenUp());
      };
      this.#waiting.push(go);
      signal.addEventListener("abort", giveUp);
      if (signal.aborted) giveUp();
    });
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#active -= 1;
    else next();
  }

  async #run(transfer: Transfer, snapshot: OutgoingSnapshot): Promise<void> {
    const { bulk } = transfer.link;
    bulk.start();
    const opened = (): boolean => bulk.open !== undefined || bulk.isStopped;
    await this.#until(transfer, snapshot, opened, PROGRESS_TIMEOUT_MS);
    const connection = bulk.open;
    if (connection === undefined) throw new Error("the peer is no longer one of ours");
    const answered = (): boolean => transfer.answer !== undefined || bulk.open !== connection;
    try {
      const have = await this.#offer(transfer, snapshot, answered);
      await this.#stream(transfer, snapshot, have, answered);
      this.#write(transfer, FrameKind.snapshotFinish, snapshot.group, (writer) =>
        writeSnapshotEnd(writer, { transfer: transfer.id, reason: "" }),
      );
      await this.#until(transfer, snapshot, answered, INSTALL_TIMEOUT_MS);
    } catch (error) {
      if (!answered()) this.#sayAbort(transfer, snapshot.group);
      throw error;
    }
    if (takeAnswer(transfer)?.kind !== "done") throw new Error("the connection was lost");
  }

  /** Resolves with the bytes that the receiver has already. */
  async #offer(
    transfer: Transfer,
    snapshot: OutgoingSnapshot,
    answered: () => boolean,
  ): Promise<number> {
    this.#write(transfer, FrameKind.snapshotOffer, snapshot.group, (writer) => {
      const { term, info } = snapshot;
      writeSnapshotOffer(writer, { transfer: transfer.id, term, info });
    });
    await this.#until(transfer, snapshot, answered, PROGRESS_TIMEOUT_MS);
    const answer = takeAnswer(transfer);
    if (answer?.kind !== "have") throw new Error("the connection was lost");
    transfer.creditedBytes = answer.bytes;
    return answer.bytes;
  }

  async #stream(
    transfer: Transfer,
    snapshot: OutgoingSnapshot,
    have: number,
    answered: () => boolean,
  ): Promise<void> {
    const rate = this.#context.limits.snapshotBytesPerSecond;
    const partBytes = rate > 0 ? Math.min(CHUNK_BYTES_MAX, Math.ceil(rate)) : CHUNK_BYTES_MAX;
    let offset = have;
    for await (const content of snapshot.source.read(have)) {
      for (let at = 0; at < content.length; at += partBytes) {
        const part = content.subarray(at, at + partBytes);
        const room = (): boolean =>
          answered() ||
          (offset + part.length - transfer.creditedBytes <= SNAPSHOT_WINDOW_BYTES &&
            this.#context.environment.nowMs() >= this.#nextByteAtMs);
        await this.#until(transfer, snapshot, room, PROGRESS_TIMEOUT_MS);
        if (answered()) {
          takeAnswer(transfer);
          throw new Error("the connection was lost");
        }
        this.#sendChunk(transfer, snapshot, offset, part);
        offset += part.length;
      }
    }
  }

  #sendChunk(
    transfer: Transfer,
    snapshot: OutgoingSnapshot,
    offset: number,
    content: Uint8Array,
  ): void {
    const rate = this.#context.limits.snapshotBytesPerSecond;
    if (rate > 0) {
      const now = this.#context.environment.nowMs();
      this.#nextByteAtMs = Math.max(now, this.#nextByteAtMs) + (content.length / rate) * 1_000;
    }
    this.#context.counters.snapshotBytesSent += content.length;
    this.#write(transfer, FrameKind.snapshotChunk, snapshot.group, (writer) =>
      writeSnapshotChunk(writer, { transfer: transfer.id, offset, content }),
    );
  }

  #write(
    transfer: Transfer,
    kind: number,
    group: GroupId,
    body: (writer: ByteWriter) => void,
  ): void {
    const connection = transfer.link.bulk.open;
    if (connection === undefined) return;
    const { writer, start } = connection.begin(kind, group);
    body(writer);
    connection.finish(start);
    connection.flush();
  }

  #sayAbort(transfer: Transfer, group: GroupId): void {
    this.#write(transfer, FrameKind.snapshotAbort, group, (writer) =>
      writeSnapshotEnd(writer, { transfer: transfer.id, reason: "" }),
    );
  }

  /** Waits until `done` holds; rejects on abort and when nothing has moved for `timeoutMs`. */
  async #until(
    transfer: Transfer,
    snapshot: OutgoingSnapshot,
    done: () => boolean,
    timeoutMs: number,
  ): Promise<void> {
    const { environment } = this.#context;
    let deadline = environment.nowMs() + timeoutMs;
    let credited = transfer.creditedBytes;
    for (;;) {
      if (snapshot.signal.aborted) throw givenUp();
      if (done()) return;
      const now = environment.nowMs();
      if (transfer.creditedBytes !== credited) {
        credited = transfer.creditedBytes;
        deadline = now + timeoutMs;
      }
      if (now >= deadline) throw new Error("the receiver makes no progress");
      const until = this.#nextByteAtMs > now ? Math.min(deadline, this.#nextByteAtMs) : deadline;
      await new Promise<void>((resolve) => {
        const timer = environment.setTimer(until - now, resolve);
        transfer.wake = () => {
          timer.cancel();
          resolve();
        };
      });
      transfer.wake = undefined;
    }
  }

  #onAnswer(kind: number, body: Uint8Array): void {
    if (kind === FrameKind.snapshotHave || kind === FrameKind.snapshotCredit) {
      const { transfer: id, bytes } = readSnapshotProgress(body);
      const transfer = this.#transfers.get(id);
      if (transfer === undefined) return;
      if (kind === FrameKind.snapshotHave) transfer.answer = { kind: "have", bytes };
      else transfer.creditedBytes = Math.max(transfer.creditedBytes, bytes);
      transfer.wake?.();
      return;
    }
    const { transfer: id, reason } = readSnapshotEnd(body);
    const transfer = this.#transfers.get(id);
    if (transfer === undefined) return;
    transfer.answer =
      kind === FrameKind.snapshotDone ? { kind: "done" } : { kind: "failed", reason };
    transfer.wake?.();
  }

  #wakeAll(link: PeerLink): void {
    for (const transfer of this.#transfers.values()) {
      if (transfer.link === link) transfer.wake?.();
    }
  }

  #restLater(link: PeerLink): void {
    this.#context.environment.setTimer(BULK_REST_MS, () => {
      for (const transfer of this.#transfers.values()) if (transfer.link === link) return;
      link.bulk.rest();
    });
  }
}

function givenUp(): Error {
  return new Error("the transfer was given up");
}

/** The answer that has come, if any; a refusal is thrown with the receiver's words. */
function takeAnswer(transfer: Transfer): Answer | undefined {
  const { answer } = transfer;
  transfer.answer = undefined;
  if (answer?.kind === "failed") throw new Error(answer.reason);
  return answer;
}
