import {
  type Connection,
  type ConnectionHandlers,
  NetworkError,
  type NetworkErrorCode,
} from "@quorate/host";
import { FrameCutter } from "./frame-cutter.ts";
import { type FrameFate, meetFate, type Piece } from "./frame-fate.ts";
import type { ProcessGate } from "./process-gate.ts";
import type { StreamLink, StreamWorld } from "./stream-network.ts";

/** Beyond this many bytes on the way `write` asks its caller to stop, as a socket buffer would. */
const HIGH_WATER_BYTES = 64 * 1024;

/** Kinds of frames that may get lost, come twice or out of order: messages between cores, and their heartbeats. */
const LOSABLE_KINDS: ReadonlySet<number> = new Set([4, 6, 7]);

export interface StreamEnds {
  readonly localHost: string;
  readonly remoteHost: string;
  readonly remoteAddress: string;
  /** The process this end belongs to; undefined for somebody outside the simulation. */
  readonly gate: ProcessGate | undefined;
}

/** One end of a stream between two machines. */
export class StreamConnection implements Connection {
  readonly remoteAddress: string;
  readonly remoteNames: readonly string[] = [];
  readonly localHost: string;
  readonly remoteHost: string;
  readonly #world: StreamWorld;
  readonly #gate: ProcessGate | undefined;
  /** The way from this end to the other one. */
  readonly #link: StreamLink;
  #handlers: ConnectionHandlers | undefined;
  #peer: StreamConnection | undefined;
  #cutter: FrameCutter | undefined;
  #hasSent = false;
  #queue: Piece[] = [];
  #lastDueMs = 0;
  #bufferedBytes = 0;
  #wantsDrain = false;
  #isTravelling = false;
  #isOpen = false;
  #isEnding = false;
  #isSilent = false;
  /** The other machine lost power: it answers nothing until it is back, and then with a reset. */
  #isOrphan = false;
  #closed = false;
  #closedBy: NetworkError | undefined;
  #early: (() => void)[] = [];

  constructor(world: StreamWorld, ends: StreamEnds) {
    this.#world = world;
    this.localHost = ends.localHost;
    this.remoteHost = ends.remoteHost;
    this.remoteAddress = ends.remoteAddress;
    this.#gate = ends.gate;
    this.#link = world.link(ends.localHost, ends.remoteHost);
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  handle(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    if (this.#early.length === 0) return;
    const early = this.#early;
    this.#early = [];
    this.#world.agenda.after(0, () => {
      for (const event of early) this.#tell(event);
    });
  }

  write(bytes: Uint8Array): boolean {
    if (this.#closed || this.#isEnding) return false;
    if (bytes.length > 0) {
      this.#world.noteFirst(bytes);
      this.#bufferedBytes += bytes.length;
      // What is lost or delivered no longer counts as buffered, and the writer may write over it: a copy travels.
      this.#send(bytes.slice());
    }
    this.#wantsDrain ||= this.#bufferedBytes > HIGH_WATER_BYTES;
    return !this.#wantsDrain;
  }

  end(): void {
    if (this.#closed || this.#isEnding) return;
    this.#isEnding = true;
    this.#queueUp(undefined, this.#dueMs());
  }

  destroy(): void {
    if (this.#closed) return;
    const peer = this.#peer;
    this.#close(undefined);
    if (peer !== undefined && !this.#isSilent) this.#breakLater(peer);
  }

  // ---- called by the network ---------------------------------------------------------------------

  join(peer: StreamConnection): void {
    this.#peer = peer;
  }

  becomeOpen(): void {
    this.#tell(() => {
      if (this.#closed) return;
      this.#isOpen = true;
      this.#handlers?.onConnect?.();
      this.#travel();
    });
  }

  /** A cut has ended somewhere. */
  wake(): void {
    this.#travel();
  }

  /** Does something to the first frame on its way from here that matches; false when there is none. */
  changeFrame(matches: (frame: Uint8Array) => boolean, fate: FrameFate): boolean {
    if (this.#closed) return false;
    const changed = meetFate(this.#queue, matches, fate);
    if (changed === undefined) return false;
    this.#queue = changed.queue;
    this.#bufferedBytes += changed.grownBytes;
    this.#travel();
    return true;
  }

  goSilent(): void {
    this.#world.counters.count("connectionHalfOpen");
    this.#isSilent = true;
  }

  reset(): void {
    if (this.#closed) return;
    this.#world.counters.count("connectionReset");
    this.fail("reset", "the connection was reset");
  }

  fail(code: NetworkErrorCode, why: string): void {
    this.#close(new NetworkError(code, this.remoteAddress, `${this.remoteAddress}: ${why}`));
  }

  /** The process at this end is gone. */
  vanish(withPower: boolean): void {
    if (this.#closed) return;
    const peer = this.#peer;
    this.#handlers = undefined;
    this.#closed = true;
    this.#queue = [];
    this.#world.forget(this);
    if (peer === undefined || peer.isClosed || this.#isSilent) return;
    if (withPower) peer.#isOrphan = true;
    else this.#breakLater(peer);
  }

  /** The machine at the other end is back; a packet of ours makes it say that it knows nothing of this connection. */
  askAgain(): void {
    if (this.#closed || !this.#isOrphan || this.#isSilent) return;
    const { agenda } = this.#world;
    agenda.after(this.#delay(), () => {
      if (!this.#closed) this.fail("reset", "the other side was restarted");
    });
  }

  receive(bytes: Uint8Array): void {
    // What is nearly always the case needs no detour.
    if (this.#gate?.isRunning === true && this.#handlers !== undefined) this.#take(bytes);
    else this.#tell(() => this.#take(bytes));
  }

  #take(bytes: Uint8Array): void {
    if (this.#closed) return;
    const { weather, random, counters } = this.#world;
    if (bytes.length > 1 && random.chance(weather.splitRate)) {
      counters.count("bytesSplit");
      this.#receiveInBits(bytes);
      return;
    }
    this.#handlers?.onData(bytes);
  }

  #receiveInBits(bytes: Uint8Array): void {
    const { random } = this.#world;
    const most = random.pick([1, 3, 16, 200]);
    for (let at = 0; at < bytes.length && !this.#closed; ) {
      const count = random.between(1, most);
      this.#handlers?.onData(bytes.subarray(at, at + count));
      at += count;
    }
  }

  // ---- on the way --------------------------------------------------------------------------------

  #send(bytes: Uint8Array): void {
    const { weather } = this.#world;
    const { frameLossRate, frameDuplicateRate, frameReorderRate, corruptRate } = weather;
    if (frameLossRate + frameDuplicateRate + frameReorderRate + corruptRate === 0) {
      // Nothing looks into the stream; but once something did, the cutter may hold the begin of a frame.
      if (this.#cutter === undefined) {
        this.#hasSent = true;
        this.#queueUp(bytes, this.#dueMs(bytes.length));
        return;
      }
    }
    this.#cutter ??= new FrameCutter(this.#hasSent);
    for (const { bytes: frame, kind } of this.#cutter.push(bytes)) this.#sendFrame(frame, kind);
  }

  #sendFrame(frame: Uint8Array, kind: number): void {
    const { weather, random, counters } = this.#world;
    const isLosable = LOSABLE_KINDS.has(kind);
    if (isLosable && random.chance(weather.frameLossRate)) {
      counters.count("frameLost");
      this.#bufferedBytes -= frame.length;
      return;
    }
    if (isLosable && random.chance(weather.frameDuplicateRate)) {
      counters.count("frameDuplicated");
      this.#bufferedBytes += frame.length;
      this.#queueUp(frame, this.#dueMs(frame.length));
    }
    if (random.chance(weather.corruptRate)) {
      counters.count("bytesCorrupted");
      const damaged = frame.slice();
      const at = random.integer(damaged.length);
      damaged[at] = (damaged[at] as number) ^ (1 << random.integer(8));
      this.#queueUp(damaged, this.#dueMs(frame.length));
      return;
    }
    const dueMs = this.#dueMs(frame.length);
    if (isLosable && this.#queue.length > 0 && random.chance(weather.frameReorderRate)) {
      counters.count("frameReordered");
      const place = random.integer(this.#queue.length + 1);
      const before = this.#queue[place];
      this.#queue.splice(place, 0, { bytes: frame, dueMs: before?.dueMs ?? dueMs });
      return;
    }
    this.#queueUp(frame, dueMs);
  }

  #dueMs(bytes: number = 0): number {
    const { weather, agenda } = this.#world;
    let delayMs = this.#delay();
    if (this.#world.random.chance(weather.stallRate)) {
      this.#world.counters.count("streamStalled");
      delayMs += this.#world.random.range(0, weather.stallMaxMs);
    }
    if (weather.bytesPerMs !== Number.POSITIVE_INFINITY) {
      this.#world.counters.count("streamThrottled");
    }
    const startMs = Math.max(agenda.nowMs, this.#lastDueMs - delayMs);
    const dueMs = Math.max(this.#lastDueMs, startMs + bytes / weather.bytesPerMs + delayMs);
    this.#lastDueMs = dueMs;
    return dueMs;
  }

  #delay(): number {
    const { weather, random } = this.#world;
    return random.range(weather.delayMinMs, weather.delayMaxMs) + this.#link.extraMs;
  }

  #queueUp(bytes: Uint8Array | undefined, dueMs: number): void {
    this.#queue.push({ bytes, dueMs });
    this.#travel();
  }

  /** Waits for the arrival of the first piece. */
  #travel(): void {
    const first = this.#queue[0];
    if (first === undefined || this.#isTravelling || !this.#isOpen || this.#closed) return;
    if (this.#link.isCut) return;
    this.#isTravelling = true;
    this.#world.agenda.at(first.dueMs, this.#arrived);
  }

  readonly #arrived = (): void => {
    this.#isTravelling = false;
    this.#arrive();
  };

  #arrive(): void {
    const { agenda } = this.#world;
    const link = this.#link;
    while (!this.#closed && !link.isCut) {
      const first = this.#queue[0];
      if (first === undefined || first.dueMs > agenda.nowMs) break;
      this.#queue.shift();
      if (first.bytes === undefined) {
        if (!this.#isSilent) this.#peer?.ended();
        this.#close(undefined);
        return;
      }
      this.#bufferedBytes -= first.bytes.length;
      if (!this.#isSilent && !this.#isOrphan) this.#handOver(first.bytes);
    }
    if (this.#wantsDrain && this.#bufferedBytes <= 0 && !this.#closed) {
      this.#wantsDrain = false;
      this.#tell(() => this.#handlers?.onDrain?.());
    }
    this.#travel();
  }

  #handOver(bytes: Uint8Array): void {
    this.#world.hash.text(this.localHost).text(this.remoteHost).bytes(bytes);
    this.#peer?.receive(bytes);
  }

  ended(): void {
    this.#tell(() => this.#close(undefined));
  }

  #breakLater(peer: StreamConnection): void {
    const knock = (): void => {
      if (peer.isClosed) return;
      if (this.#link.isCut) {
        this.#world.agenda.after(100, knock);
      } else {
        peer.fail("reset", "the other side broke the connection");
      }
    };
    this.#world.agenda.after(this.#delay(), knock);
  }

  /** Reaches the process at this end, when it has set its handlers and is running. */
  #tell(event: () => void): void {
    const enter = (): void => {
      if (this.#handlers === undefined) {
        if (!this.#closed) this.#early.push(event);
      } else {
        event();
      }
    };
    if (this.#gate === undefined) enter();
    else this.#gate.enter(enter);
  }

  #close(error: NetworkError | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closedBy = error;
    this.#queue = [];
    this.#bufferedBytes = 0;
    this.#world.forget(this);
    this.#world.agenda.after(0, () => {
      this.#tell(() => this.#handlers?.onClose(this.#closedBy));
    });
  }
}
