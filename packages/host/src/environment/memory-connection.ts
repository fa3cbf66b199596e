import { type Connection, type ConnectionHandlers, NetworkError } from "./environment.ts";
import type { Link } from "./memory-network.ts";
import type { World } from "./world.ts";

/** Beyond this many bytes on the way `write` asks its caller to stop, as a socket buffer would. */
const HIGH_WATER_BYTES = 64 * 1024;

export interface MemoryConnectionOptions {
  readonly world: World;
  readonly localHost: string;
  readonly remoteAddress: string;
  /** The direction from this end to the other. */
  readonly link: Link;
  readonly forget: () => void;
}

/** Bytes on their way; undefined marks the orderly end. */
interface Piece {
  readonly bytes: Uint8Array | undefined;
  readonly dueMs: number;
}

/** One end of a stream between two hosts of a `MemoryNetwork`. */
export class MemoryConnection implements Connection {
  readonly remoteAddress: string;
  readonly remoteNames: readonly string[] = [];
  readonly localHost: string;
  readonly #world: World;
  readonly #link: Link;
  readonly #forget: () => void;
  #handlers: ConnectionHandlers | undefined;
  #peer: MemoryConnection | undefined;
  #queue: Piece[] = [];
  #lastDueMs = 0;
  #bufferedBytes = 0;
  #wantsDrain = false;
  #isTravelling = false;
  #isOpen = false;
  #isEnding = false;
  #closed = false;
  #closedBy: NetworkError | undefined;
  #whenOpen: (() => void) | undefined;
  #early: (() => void)[] = [];

  constructor(options: MemoryConnectionOptions) {
    this.#world = options.world;
    this.localHost = options.localHost;
    this.remoteAddress = options.remoteAddress;
    this.#link = options.link;
    this.#forget = options.forget;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  handle(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    if (this.#early.length > 0) this.#world.schedule(0, () => this.#deliverEarly());
    if (this.#closed) this.#world.schedule(0, () => handlers.onClose(this.#closedBy));
  }

  write(bytes: Uint8Array): boolean {
    if (this.#closed || this.#isEnding) return false;
    if (bytes.length > 0) {
      this.#bufferedBytes += bytes.length;
      this.#send(bytes.slice());
    }
    this.#wantsDrain ||= this.#bufferedBytes > HIGH_WATER_BYTES;
    return !this.#wantsDrain;
  }

  end(): void {
    if (this.#closed || this.#isEnding) return;
    this.#isEnding = true;
    this.#send(undefined);
  }

  destroy(): void {
    if (this.#closed) return;
    const peer = this.#peer;
    this.#close(undefined);
    if (peer !== undefined) this.#breakLater(peer);
  }

  /** The process on this end is gone: it hears nothing, the other end gets a reset once the link lets it through. */
  vanish(): void {
    if (this.#closed) return;
    this.#handlers = undefined;
    this.destroy();
  }

  fail(error: NetworkError): void {
    this.#close(error);
  }

  join(peer: MemoryConnection): void {
    this.#peer = peer;
  }

  open(): void {
    this.#deliver(() => {
      if (this.#closed) return;
      this.#isOpen = true;
      this.#handlers?.onConnect?.();
      this.#travel();
    });
  }

  whenOpen(run: () => void): void {
    this.#whenOpen = run;
  }

  wake(): void {
    if (this.#link.isCut) return;
    const run = this.#whenOpen;
    this.#whenOpen = undefined;
    if (run !== undefined) this.#world.schedule(this.#link.delayMs(), run);
    this.#travel();
  }

  #breakLater(peer: MemoryConnection): void {
    const knock = (): void => {
      if (this.#link.isCut) this.#whenOpen = knock;
      else peer.reset();
    };
    this.#world.schedule(this.#link.delayMs(), knock);
  }

  reset(): void {
    this.#close(
      new NetworkError("reset", this.remoteAddress, `${this.remoteAddress} broke the connection`),
    );
  }

  #send(bytes: Uint8Array | undefined): void {
    const dueMs = Math.max(this.#lastDueMs, this.#world.nowMs + this.#link.delayMs());
    this.#lastDueMs = dueMs;
    this.#queue.push({ bytes, dueMs });
    this.#travel();
  }

  /** Waits for the arrival of the first piece. */
  #travel(): void {
    const first = this.#queue[0];
    if (first === undefined || this.#isTravelling || !this.#isOpen || this.#link.isCut) return;
    this.#isTravelling = true;
    this.#world.schedule(first.dueMs - this.#world.nowMs, () => {
      this.#isTravelling = false;
      this.#arrive();
    });
  }

  #arrive(): void {
    while (!this.#closed && !this.#link.isCut) {
      const first = this.#queue[0];
      if (first === undefined || first.dueMs > this.#world.nowMs) break;
      this.#queue.shift();
      if (first.bytes === undefined) {
        this.#peer?.ended();
        this.#close(undefined);
        return;
      }
      this.#bufferedBytes -= first.bytes.length;
      this.#handOver(first.bytes);
    }
    if (this.#wantsDrain && this.#bufferedBytes === 0 && !this.#closed) {
      this.#wantsDrain = false;
      this.#handlers?.onDrain?.();
    }
    this.#travel();
  }

  #handOver(bytes: Uint8Array): void {
    const most = Math.min(bytes.length, this.#link.pieceBytesMax);
    for (let at = 0; at < bytes.length; at += most) {
      this.#peer?.receive(bytes.subarray(at, at + most));
    }
  }

  receive(bytes: Uint8Array): void {
    this.#deliver(() => {
      if (!this.#closed) this.#handlers?.onData(bytes);
    });
  }

  ended(): void {
    this.#deliver(() => this.#close(undefined));
  }

  #deliver(event: () => void): void {
    if (this.#handlers === undefined || this.#early.length > 0) this.#early.push(event);
    else event();
  }

  #deliverEarly(): void {
    const early = this.#early;
    this.#early = [];
    for (const event of early) event();
  }

  #close(error: NetworkError | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closedBy = error;
    this.#queue = [];
    this.#bufferedBytes = 0;
    this.#peer = undefined;
    if (this.#whenOpen === undefined) this.#forget();
    const handlers = this.#handlers;
    if (handlers !== undefined) this.#world.schedule(0, () => handlers.onClose(error));
  }
}
