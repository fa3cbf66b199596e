import type { MemberId } from "@quorate/core";
import { WireError } from "../wire/wire-error.ts";
import { FrameKind } from "./frame.ts";
import { type FramedConnection, unexpectedFrame } from "./framed-connection.ts";
import type { SnapshotChunk, SnapshotOffer } from "./snapshot-codec.ts";
import {
  readSnapshotChunk,
  readSnapshotEnd,
  readSnapshotOffer,
  SNAPSHOT_WINDOW_BYTES,
  writeSnapshotEnd,
  writeSnapshotProgress,
} from "./snapshot-codec.ts";
import type { GroupId, SnapshotReceiver } from "./transport.ts";
import type { TransportContext } from "./transport-context.ts";

/** Transfers one peer may have under way here; it sends at most two by default. */
const TRANSFERS_MAX = 16;

interface Incoming {
  readonly transfer: number;
  receiver: SnapshotReceiver | undefined;
  /** Where the next chunk must begin. */
  expected: number;
  /** Received and not yet taken by the receiver. */
  queuedBytes: number;
  /** Writes go one after the other. */
  tail: Promise<void>;
  ended: boolean;
}

/** The receiving half of snapshot transfers on one connection: checks order and window, writes, acknowledges. */
export class SnapshotInbox {
  readonly #context: TransportContext;
  readonly #connection: FramedConnection;
  readonly #transfers: Map<number, Incoming> = new Map();

  constructor(context: TransportContext, connection: FramedConnection) {
    this.#context = context;
    this.#connection = connection;
  }

  onFrame(from: MemberId, kind: number, group: GroupId, body: Uint8Array, owned: boolean): void {
    switch (kind) {
      case FrameKind.snapshotOffer:
        this.#onOffer(from, group, readSnapshotOffer(body));
        return;
      case FrameKind.snapshotChunk:
        this.#onChunk(readSnapshotChunk(owned ? body : body.slice()));
        return;
      case FrameKind.snapshotFinish:
        this.#onFinish(readSnapshotEnd(body).transfer);
        return;
      case FrameKind.snapshotAbort:
        this.#abort(readSnapshotEnd(body).transfer);
        return;
      default:
        throw unexpectedFrame(kind);
    }
  }

  /** The connection has ended: what was received stays for a later attempt. */
  end(): void {
    for (const transfer of [...this.#transfers.keys()]) this.#abort(transfer);
  }

  #onOffer(from: MemberId, group: GroupId, offer: SnapshotOffer): void {
    const { transfer } = offer;
    if (this.#transfers.has(transfer) || this.#transfers.size >= TRANSFERS_MAX) {
      throw new WireError("unexpected", "one snapshot transfer too many");
    }
    const incoming: Incoming = {
      transfer,
      receiver: undefined,
      expected: 0,
      queuedBytes: 0,
      tail: Promise.resolve(),
      ended: false,
    };
    this.#transfers.set(transfer, incoming);
    incoming.tail = this.#context.handler
      .onSnapshot(group, from, offer.info, offer.term)
      .then((receiver) => this.#onReceiver(incoming, receiver))
      .catch((error: unknown) => this.#fail(incoming, error));
  }

  async #onReceiver(incoming: Incoming, receiver: SnapshotReceiver | "refused"): Promise<void> {
    if (receiver === "refused") {
      this.#fail(incoming, new Error("the receiver does not want it"));
      return;
    }
    if (incoming.ended) {
      await receiver.abort();
      return;
    }
    incoming.receiver = receiver;
    incoming.expected = receiver.haveBytes;
    this.#progress(FrameKind.snapshotHave, incoming.transfer, receiver.haveBytes);
  }

  #onChunk(chunk: SnapshotChunk): void {
    const incoming = this.#transfers.get(chunk.transfer);
    if (incoming === undefined) return;
    const { receiver } = incoming;
    if (receiver === undefined || chunk.offset !== incoming.expected) {
      throw new WireError("unexpected", "a snapshot chunk out of order");
    }
    incoming.expected += chunk.content.length;
    incoming.queuedBytes += chunk.content.length;
    if (incoming.queuedBytes > SNAPSHOT_WINDOW_BYTES) {
      throw new WireError("tooLong", "more snapshot chunks than the window allows");
    }
    this.#context.counters.snapshotBytesReceived += chunk.content.length;
    incoming.tail = incoming.tail
      .then(() => this.#write(incoming, receiver, chunk))
      .catch((error: unknown) => this.#fail(incoming, error));
  }

  async #write(
    incoming: Incoming,
    receiver: SnapshotReceiver,
    chunk: SnapshotChunk,
  ): Promise<void> {
    if (incoming.ended) return;
    await receiver.write(chunk.content);
    incoming.queuedBytes -= chunk.content.length;
    const written = chunk.offset + chunk.content.length;
    if (!incoming.ended) this.#progress(FrameKind.snapshotCredit, incoming.transfer, written);
  }

  #onFinish(transfer: number): void {
    const incoming = this.#transfers.get(transfer);
    if (incoming === undefined) return;
    incoming.tail = incoming.tail
      .then(() => this.#finish(incoming))
      .catch((error: unknown) => this.#fail(incoming, error));
  }

  async #finish(incoming: Incoming): Promise<void> {
    if (incoming.ended || incoming.receiver === undefined) return;
    await incoming.receiver.finish();
    if (incoming.ended) return;
    incoming.ended = true;
    this.#transfers.delete(incoming.transfer);
    this.#say(FrameKind.snapshotDone, incoming.transfer, "");
  }

  /** Safe to call in any state; the answer goes out once. */
  #fail(incoming: Incoming, error: unknown): void {
    if (incoming.ended) return;
    const reason = error instanceof Error ? error.message : String(error);
    this.#abort(incoming.transfer);
    this.#say(FrameKind.snapshotFailed, incoming.transfer, reason);
  }

  #abort(transfer: number): void {
    const incoming = this.#transfers.get(transfer);
    if (incoming === undefined) return;
    incoming.ended = true;
    this.#transfers.delete(transfer);
    // A receiver that cannot even abort has nothing left to lose: the transfer is over either way.
    incoming.receiver?.abort().catch(() => undefined);
  }

  #progress(kind: number, transfer: number, bytes: number): void {
    if (this.#connection.closed) return;
    const { writer, start } = this.#connection.begin(kind, 0);
    writeSnapshotProgress(writer, { transfer, bytes });
    this.#connection.finish(start);
    this.#connection.flush();
  }

  #say(kind: number, transfer: number, reason: string): void {
    if (this.#connection.closed) return;
    const { writer, start } = this.#connection.begin(kind, 0);
    writeSnapshotEnd(writer, { transfer, reason });
    this.#connection.finish(start);
    this.#connection.flush();
  }
}
