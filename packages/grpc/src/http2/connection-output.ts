import type { ConnectionSocket } from "./connection-socket.ts";
import type { Http2Environment } from "./environment.ts";
import { FrameWriter } from "./frame-writer.ts";
import { ProbeAnswer, type ProbeHolder } from "./probe-answers.ts";
import { SendScheduler } from "./send-scheduler.ts";
import type { TurnMember } from "./turn-end.ts";

/**
 * The way out of one connection: frames gather during a turn and leave in one write at its end, as
 * far as the socket takes them. A client that does not read is not read from either, once what it
 * owes us to read has grown to the limit.
 */
export class ConnectionOutput implements TurnMember, ProbeHolder {
  readonly frames: FrameWriter;
  readonly scheduler: SendScheduler;
  readonly #socket: ConnectionSocket;
  readonly #environment: Http2Environment;
  readonly #probe: ProbeAnswer = new ProbeAnswer();
  #isAwake = false;
  #isAnswering = false;
  /** When the socket asked to wait; negative while it accepts. */
  #blockedSinceMs = -1;
  #isReadingPaused = false;
  #isEnding = false;
  #isGone = false;

  constructor(socket: ConnectionSocket, environment: Http2Environment, dataSent: () => void) {
    this.#socket = socket;
    this.#environment = environment;
    this.frames = new FrameWriter(environment.pool);
    this.scheduler = new SendScheduler(this.frames, dataSent);
  }

  /** Milliseconds since which the socket takes nothing; 0 when it does. */
  stalledMs(nowMs: number): number {
    return this.#blockedSinceMs < 0 ? 0 : nowMs - this.#blockedSinceMs;
  }

  /** There is something to send: it leaves when the turn ends. */
  wake(): void {
    if (this.#isAwake || this.#isGone) return;
    this.#isAwake = true;
    this.#environment.turnEnd.add(this);
  }

  /** An answer is complete: it leaves together with the others that this callback gives. */
  wakeForAnswer(): void {
    if (this.#isAnswering || this.#isGone) return;
    this.#isAnswering = true;
    this.#environment.turnEnd.addSoon(this);
  }

  endTurn(): void {
    this.#isAwake = false;
    this.#isAnswering = false;
    if (this.#isGone) return;
    try {
      this.#send();
    } catch (error) {
      // A bug of ours, which must not keep other connections from their turn.
      this.#environment.onDefect("http2 output", error);
      this.#socket.destroy();
    }
  }

  /** Answers are given in order; that to a bandwidth probe leaves with what is sent next, or when its time is up. */
  answerPing(bytes: Buffer, start: number, isProbe: boolean): void {
    if (this.#probe.isHeld) this.#probe.writeTo(this.frames);
    if (!isProbe) {
      this.frames.ping(bytes, start, true);
      return;
    }
    this.#probe.hold(bytes, start);
    if (this.#probe.isTimed) return;
    this.#probe.isTimed = true;
    this.#environment.probeTimer.add(this);
  }

  probeIsDue(): void {
    this.#probe.isTimed = false;
    if (!this.#probe.isHeld || this.#isGone) return;
    this.#probe.writeTo(this.frames);
    this.wake();
  }

  /** The socket has taken everything it was given. */
  drained(): void {
    this.#blockedSinceMs = -1;
    if (this.#isReadingPaused) {
      this.#isReadingPaused = false;
      this.#socket.resume();
    }
    this.wake();
  }

  /** Closes the socket once everything gathered so far has been given to it. */
  endWhenSent(): void {
    this.#isEnding = true;
    this.wake();
  }

  /** The socket is gone: drops everything. */
  abandon(): void {
    this.#isGone = true;
    this.frames.discard();
  }

  #send(): void {
    if (this.#blockedSinceMs >= 0) {
      this.#pauseReadingIfOverdue();
      return;
    }
    this.scheduler.pump();
    if (this.#probe.isHeld && this.frames.pendingBytes > 0) this.#probe.writeTo(this.frames);
    if (this.frames.pendingBytes > 0 && !this.frames.flushTo(this.#socket)) {
      this.#blockedSinceMs = this.#environment.nowMs();
    } else if (this.scheduler.hasWork || this.frames.pendingBytes > 0) {
      // Others may have their turn before this connection produces its next 256 KiB.
      this.wake();
      return;
    }
    if (this.#isEnding && !this.scheduler.hasWork) this.#end();
  }

  /** The socket sends what it has before it closes, so nothing needs to drain for this. */
  #end(): void {
    this.#isGone = true;
    this.#socket.end();
  }

  #pauseReadingIfOverdue(): void {
    if (this.#isReadingPaused) return;
    const waitingBytes = this.frames.pendingBytes + this.scheduler.queuedBytes;
    if (waitingBytes <= this.#environment.limits.pauseReadingAboveBytes) return;
    this.#isReadingPaused = true;
    this.#socket.pause();
  }
}
